// Login shells as accounts have them, with start-up files of every habit, each in the words of its shell. Which of them a shell reads for a
// command over SSH is its own affair; `.ssh/rc` is read by the server for any.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface LoginShell {
  name: string;
  paths: readonly string[];
  /** The start-up file that it reads for every command, relative to the home folder; null for a shell that reads none. */
  startUpFile: string | null;
  /** By habit; absent where the shell has no words for it. */
  habits: Readonly<Record<string, string>>;
  /** Lines of a start-up file after which the shell runs no command. */
  endings: readonly string[];
}

/** Each prints, moves or changes something, and continues. */
const POSIX_HABITS = {
  prints: 'echo Welcome to orin-1; echo careful >&2; printf "no line end"',
  'prints much': 'yes "a long line of a banner" | head -n 20000',
  'changes the folder': 'cd /tmp',
  'is strict': 'set -eu',
  'shows its commands': 'set -xv',
  'has aliases': 'alias cd="echo cd" cat="cat -A" echo="echo -n" ls="ls --color" exec="echo no"; exec 3>&1',
  'sets a terminal': 'stty erase "^H"; tput cols',
  'has lost the home folder': 'unset HOME',
  'has lost the path': 'PATH=/nonexistent; export PATH',
  'has variables that others heed': 'export CDPATH=/usr:/tmp POSIXLY_CORRECT=1 LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 IFS=x',
  'asks twice': 'printf "Proxy? "; read -r answer; printf "Sure? "; read -r answer',
  'has functions': 'cd() { echo moved; }; cat() { echo no; }; printf() { echo no; }',
};

const FISH_HABITS = {
  prints: POSIX_HABITS.prints,
  'prints much': POSIX_HABITS['prints much'],
  'changes the folder': 'cd /tmp',
  'shows its commands': 'set -g fish_trace 1',
  'has aliases': 'alias ls "ls --color"; alias cat "cat -A"; abbr -a sh bash',
  'sets a terminal': POSIX_HABITS['sets a terminal'],
  'has lost the home folder': 'set -e HOME',
  'has lost the path': 'set -x PATH /nonexistent',
  'has variables that others heed': 'set -x CDPATH /usr /tmp; set -x POSIXLY_CORRECT 1; set -x LC_ALL tr_TR.UTF-8',
  'asks twice': 'read -P "Proxy? " answer; read -P "Sure? " answer',
  'has functions': 'function cat; echo no; end; function printf; echo no; end',
};

const CSH_HABITS = {
  prints: 'echo Welcome to orin-1; sh -c "echo careful >&2"',
  'prints much': POSIX_HABITS['prints much'],
  'changes the folder': 'cd /tmp',
  'shows its commands': 'set echo; set verbose',
  'has aliases': 'alias cd "echo cd"; alias cat "cat -A"',
  'sets a terminal': 'stty erase "^H"',
  'has lost the home folder': 'unsetenv HOME',
  'has lost the path': 'setenv PATH /nonexistent',
  'has variables that others heed': 'setenv CDPATH /usr; setenv POSIXLY_CORRECT 1; setenv LC_ALL tr_TR.UTF-8',
  'asks twice': 'echo -n "Proxy? "; set answer = $<; echo -n "Sure? "; set answer = $<',
};

/** What the server runs before any shell; it continues whatever comes of it. */
const RC_HABITS = { prints: POSIX_HABITS.prints, 'prints much': POSIX_HABITS['prints much'], 'asks twice': POSIX_HABITS['asks twice'] };

/** fish and tcsh end their file with the first, and continue. */
const ENDINGS = ['exit 1', 'exec /bin/dash', 'exec /bin/true'];

/** An alias of zsh stands for the word wherever a command starts: past one for `exec` nothing can be run. */
const { 'has aliases': aliases, ...zshHabits } = POSIX_HABITS;

export const LOGIN_SHELLS: readonly LoginShell[] = [
  { name: 'dash', paths: ['/bin/dash', '/usr/bin/dash'], startUpFile: null, habits: {}, endings: [] },
  { name: 'bash', paths: ['/bin/bash', '/usr/bin/bash'], startUpFile: '.bashrc', habits: POSIX_HABITS, endings: ENDINGS },
  {
    name: 'zsh',
    paths: ['/bin/zsh', '/usr/bin/zsh'],
    startUpFile: '.zshenv',
    habits: { ...zshHabits, 'has aliases': aliases.replace(' exec="echo no"', ''), 'has options': 'setopt rc_quotes csh_junkie_quotes' },
    endings: ENDINGS,
  },
  {
    name: 'fish',
    paths: ['/usr/bin/fish', '/bin/fish'],
    startUpFile: '.config/fish/config.fish',
    habits: FISH_HABITS,
    endings: ENDINGS.slice(1),
  },
  { name: 'ksh', paths: ['/usr/bin/ksh', '/bin/ksh'], startUpFile: null, habits: {}, endings: [] },
  { name: 'tcsh', paths: ['/usr/bin/tcsh', '/bin/tcsh'], startUpFile: '.tcshrc', habits: CSH_HABITS, endings: ENDINGS.slice(1) },
  { name: 'busybox', paths: ['/usr/bin/busybox', '/bin/busybox'], startUpFile: null, habits: {}, endings: [] },
];

export const SERVER_FILE = '.ssh/rc';
export const SERVER_HABITS: Readonly<Record<string, string>> = RC_HABITS;

/** Null where it is not installed. */
export function findShell({ paths }: LoginShell): string | null {
  return paths.find((path) => existsSync(path)) ?? null;
}

export function writeHomeFile(homeDir: string, name: string, text: string): void {
  const path = join(homeDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
