/** Asks the server. */

export const address = (name, parameters) => `api/v1/${name}?${new URLSearchParams(parameters)}`;

/** Return the answer to a question; raises what the server refuses, as an Error with its status and hint. */
export async function ask(name, parameters = {}, options = {}) {
  const response = await fetch(address(name, parameters), options).catch((error) => {
    throw Object.assign(error, { status: 0 }); // it does not answer
  });
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const { message = response.statusText, hint } = body.error ?? {};
  throw Object.assign(new Error(message), { status: response.status, hint });
}

/** Change something; `info` has the key that tells the server that its own page asks. */
export async function send(name, body) {
  const { key } = await ask('info');
  const headers = { 'content-type': 'application/json', 'x-chaja-key': key };
  return ask(name, {}, { method: 'POST', headers, body: JSON.stringify(body) });
}
