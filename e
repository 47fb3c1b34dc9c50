chaja: there is no index in /tmp/w/hanja or above it
  Build one with: chaja build FOLDER
