// The texts of the Debian package.

/** The field must be there. It would have an address too, if the project had one: none is made up. */
const MAINTAINER = 'DEdgeAI Control Center contributors';
/** What Electron's program file is linked with or opens at its start, and the core's natives; the rest comes with GTK. */
const DEPENDS = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libxss1',
  'libxtst6',
  'libgbm1',
  'libdrm2',
  'libasound2 | libasound2t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libcups2 | libcups2t64',
  'libstdc++6',
];
/** For links in the browser, and for the system's key store. */
const RECOMMENDS = ['xdg-utils', 'libsecret-1-0', 'libnotify4'];
const SYNOPSIS = 'run and compare image generation on edge testbeds';
const WIDTH_CHARS = 76;

export function writeControl({ program, architecture, installedBytes }) {
  const fields = {
    Package: program.name,
    Version: program.version,
    Architecture: architecture,
    Maintainer: MAINTAINER,
    'Installed-Size': Math.ceil(installedBytes / 1024),
    Depends: DEPENDS.join(', '),
    Recommends: RECOMMENDS.join(', '),
    Section: 'science',
    Priority: 'optional',
    Description: [SYNOPSIS, ...wrap(program.description)].join('\n '),
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

export function writeDesktopEntry(program) {
  const fields = {
    Type: 'Application',
    Name: program.productName,
    Comment: `${SYNOPSIS[0].toUpperCase()}${SYNOPSIS.slice(1)}`,
    Exec: `/opt/${program.name}/${program.name}`,
    Icon: program.name,
    Terminal: 'false',
    StartupWMClass: program.name,
    Categories: 'Science;Education;',
  };
  return `[Desktop Entry]\n${Object.entries(fields)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')}`;
}

function wrap(text) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last.length + word.length >= WIDTH_CHARS) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
