import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from korean_forms import JOSA, attach_josa, noun_forms, predicate_forms

RIEUL_JAMO = "\u11af"

# Every surface of these words after the ending named, by hand from the standard dictionary.
KNOWN = """
먹다 는 먹는
먹다 은 먹은
먹다 는다 먹는다
먹다 으려고 먹으려고
좁다 은 좁은
좁다 아 좁아
깊다 았다 깊었다
많다 아서 많아서
얇다 아 얇아
싫다 았다 싫었다
받다 으면 받으면
입다 아 입어
잡다 아 잡아
웃다 아서 웃어서
좋다 은 좋은
놓다 아 놓아
만들다 는 만드는
만들다 은 만든
만들다 을 만들
만들다 으면 만들면
만들다 으니 만드니
만들다 습니다 만듭니다
만들다 는다 만든다
만들다 으려고 만들려고
만들다 도록 만들도록
살다 았다 살았다
알다 습니다 압니다
길다 은 긴
멀다 아 멀어
힘들다 은 힘든
돕다 아 도와
돕다 으면 도우면
돕다 는 돕는
곱다 았다 고왔다
아름답다 았다 아름다웠다
어렵다 은 어려운
가깝다 아서 가까워서
쉽다 게 쉽게
눕다 는다 눕는다
듣다 았다 들었다
듣다 은 들은
듣다 으면 들으면
듣다 으니 들으니
듣다 습니다 듣습니다
걷다 아서 걸어서
싣다 을 실을
깨닫다 아 깨달아
일컫다 아 일컬어
짓다 았다 지었다
짓다 은 지은
짓다 는 짓는
낫다 아 나아
잇다 으면 이으면
붓다 아서 부어서
긋다 았다 그었다
흐르다 았다 흘렀다
흐르다 으면 흐르면
다르다 아서 달라서
부르다 아 불러
모르다 았습니다 몰랐습니다
서두르다 아 서둘러
게으르다 은 게으른
이르다 았다 이르렀다
푸르다 아 푸르러
푸르다 은 푸른
푸다 았다 펐다
푸다 는다 푼다
쓰다 았다 썼다
크다 아서 커서
바쁘다 았다 바빴다
슬프다 아 슬퍼
모으다 아 모아
따르다 아 따라
치르다 았다 치렀다
담그다 았다 담갔다
애쓰다 아 애써
빨갛다 은 빨간
빨갛다 아 빨개
빨갛다 으면 빨가면
빨갛다 습니다 빨갛습니다
하얗다 았다 하얬다
허옇다 아 허예
퍼렇다 아서 퍼레서
누렇다 은 누런
그렇다 았다 그랬다
그렇다 으니 그러니
어떻다 아 어때
협력하다 았다 협력했다 협력하였다
강화하다 은 강화한
중요하다 아 중요해 중요하여
필요하다 습니다 필요합니다
가다 았다 갔다
가다 아서 가서
오다 았다 왔다
나오다 아 나와
보다 았다 봤다 보았다
주다 아 줘 주어
배우다 았다 배웠다
이루다 아 이뤄 이루어
마시다 았다 마셨다
가르치다 아 가르쳐
지내다 았다 지냈다 지내었다
펴다 았다 폈다
건너다 아 건너
되다 았다 됐다 되었다
발전되다 아 발전돼 발전되어
쉬다 아 쉬어
바뀌다 았던 바뀌었던
보이다 아서 보여서
비싸다 은 비싼
있다 는 있는
있다 았다 있었다
없다 습니다 없습니다
재미있다 을 재미있을
"""


@pytest.fixture(scope="module")
def surfaces() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for form, ending, surface in predicate_forms():
        found.setdefault((form, ending), []).append(surface)
    return found


@pytest.mark.parametrize("line", KNOWN.split("\n")[1:-1])
def test_a_predicate_takes_the_written_form_of_the_dictionary(
    line: str, surfaces: dict[tuple[str, str], list[str]]
) -> None:
    form, ending, *expected = line.split(" ")
    assert surfaces[form, ending] == expected


@pytest.mark.parametrize(
    ("noun", "josa", "surface"),
    [
        ("법", "은/는", "법은"),
        ("외교부", "은/는", "외교부는"),
        ("몽골", "이/가", "몽골이"),
        ("컴퓨터", "을/를", "컴퓨터를"),
        ("정상회의", "과/와", "정상회의와"),
        ("핵", "과/와", "핵과"),
        ("물", "으로/로", "물로"),
        ("돈", "으로/로", "돈으로"),
        ("서울", "으로서/로서", "서울로서"),
        ("글", "으로써/로써", "글로써"),
        ("법", "으로써/로써", "법으로써"),
        ("길", "으로는/로는", "길로는"),
        ("길", "이나/나", "길이나"),
        ("민주화", "이라도/라도", "민주화라도"),
        ("비정규직", "이란/란", "비정규직이란"),
        ("인터넷", "에서는", "인터넷에서는"),
    ],
)
def test_a_josa_takes_the_form_its_noun_requires(noun: str, josa: str, surface: str) -> None:
    assert attach_josa(noun, josa) == surface


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from(JOSA))
def test_a_josa_depends_on_the_last_sound_alone(syllable: str, josa: str) -> None:
    closed, _, open_ = josa.partition("/")
    jamo = unicodedata.normalize("NFD", syllable)
    rieul_before_euro = jamo[-1] == RIEUL_JAMO and josa.startswith("으로")
    after_vowel = len(jamo) == 2 or rieul_before_euro
    assert attach_josa(syllable, josa) == syllable + (open_ if open_ and after_vowel else closed)


def test_nouns_are_at_least_five_hundred_with_thirty_josa_each() -> None:
    counts = Counter(noun for noun, _, _ in noun_forms())
    assert len(counts) >= 500
    assert set(counts.values()) == {30}


def test_predicates_are_at_least_two_hundred_with_fifteen_endings_or_more_each() -> None:
    endings: dict[str, set[str]] = {}
    for form, ending, _ in predicate_forms():
        endings.setdefault(form, set()).add(ending)
    assert len(endings) >= 200
    assert min(map(len, endings.values())) >= 15


def test_no_form_is_duplicated() -> None:
    forms = [*noun_forms(), *predicate_forms()]
    assert len(set(forms)) == len(forms)


def test_a_noun_form_belongs_to_one_noun() -> None:
    owners = Counter(surface for _, _, surface in noun_forms())
    assert set(owners.values()) == {1}


def test_every_surface_is_composed_hangul() -> None:
    surfaces = {surface for _, _, surface in [*noun_forms(), *predicate_forms()]}
    assert all("가" <= syllable <= "힣" for surface in surfaces for syllable in surface)
