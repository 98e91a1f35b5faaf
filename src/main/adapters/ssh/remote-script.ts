// The words by which any login shell hands a script on to /bin/sh unchanged, and the marks between which that shell's answer is. Pure.
//
//   login shell   its start-up files print, ask, change folder                          <- noise
//     /bin/sh     <A:B:start>                                                            on both streams
//       /bin/sh   the script, in the home folder, LC_ALL=C                               <- its output, and nothing else
//     /bin/sh     <A:B:end STATUS>
import { randomBytes } from 'node:crypto';

/** Two random words: only together, as the far side joins them, do they make a mark, so that a shell which shows its commands shows none. */
export interface Marks {
  readonly first: string;
  readonly second: string;
}

export function drawMarks(): Marks {
  return { first: randomBytes(8).toString('hex'), second: randomBytes(8).toString('hex') };
}

/** Comes before the script's output on both streams. */
export function startMark({ first, second }: Marks): string {
  return `<${first}:${second}:start>\n`;
}

/** Comes after the script's standard output; the exit status and `>` and a line end follow. */
export function endMark({ first, second }: Marks): string {
  return `<${first}:${second}:end `;
}

/** The line after which standard input is the script's: whatever a start-up file has not read of the lines before it is passed over. */
export function inputLine({ first, second }: Marks): string {
  return `${second}:${first}\n`;
}

/** What a start-up file that asks something gets: an empty answer, as often as any will ask. */
export const EMPTY_ANSWERS = '\n'.repeat(8);

/** Linux takes no longer single argument than 128 KiB. */
const MAX_COMMAND_LENGTH = 120_000;

const SETTLE = [
  'LC_ALL=C',
  // Tools in the system's folders are found whatever PATH a start-up file has left, and variables that change what common tools do are gone.
  'PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  'unset CDPATH ENV BASH_ENV GREP_OPTIONS TAR_OPTIONS POSIXLY_CORRECT',
  '[ -d "$HOME" ]||eval "HOME=~$(id -un)"',
  'export LC_ALL PATH HOME',
];
const RUN = 'cd "$HOME"&&/bin/sh -c "$(printf %b "$3")" dedgeai';
const TAKE_INPUT = 'while read -r l;do [ "$l" = "$2:$1" ]&&break;done;[ "$l" = "$2:$1" ]';

/**
 * One command for whichever login shell. `script`: of a POSIX shell, without a NUL, shorter than about 100 KB; it starts in the home folder,
 * its standard input is empty, or what follows `inputLine`.
 */
export function launchCommand(script: string, marks: Marks, { hasInput }: { hasInput: boolean }): string {
  const steps = [
    'm="<$1:$2"',
    ...SETTLE,
    'echo "$m:start>"',
    'echo "$m:start>" >&2',
    hasInput ? `${TAKE_INPUT}&&${RUN}` : `${RUN} </dev/null`,
    'echo "$m:end $?>"',
  ];
  // No quote, backslash, exclamation mark or line end is between the quotes: of these, fish, csh and others make something of their own.
  const command = `exec /bin/sh -c '${steps.join(';')}' dedgeai ${marks.first} ${marks.second} '${encodeScript(script)}'`;
  if (command.length > MAX_COMMAND_LENGTH) throw new Error(`A script for a node has ${script.length} characters: too many for one command`);
  return command;
}

/** For printf's %b: three octal digits for each byte that a login shell might take for more than itself. */
function encodeScript(script: string): string {
  if (script.includes('\0')) throw new Error('A script for a node contains a NUL');
  return Buffer.from(script).reduce((text, byte) => {
    const character = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte <= 0x7e && !`'\\!`.includes(character);
    return text + (isPlain ? character : `\\0${byte.toString(8).padStart(3, '0')}`);
  }, '');
}
