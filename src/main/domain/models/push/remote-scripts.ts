// The commands of a push, for a POSIX shell with dd, wc and df. Every path goes through shellQuote; numbers are checked by their type.
//
// A file is written as `<file>.part` in blocks, in any order, and hashed in order while it is written: each block is read back when it is
// there, out of the memory of the device, so that the verification costs no second reading of the disk.
import { posix } from 'node:path';
import { BLOCK_BYTES, modelDir, stagingDir, verifiedStamp } from '../../../../shared/model-layout.js';
import { IS_FULL_SHELL_FUNCTION, NO_SPACE_STATUS } from '../../../adapters/ssh/disk-full.js';
import { shellQuote } from '../../../adapters/ssh/shell-quote.js';

/** dd moves this much at once; also the unit of its offsets. */
export const UNIT_BYTES = 64 * 1024;
const UNITS = BLOCK_BYTES / UNIT_BYTES;
/** What was written is brought to the disk after so many blocks, so that little is left to wait for at the end. */
const SYNC_EVERY_BLOCKS = 8;

/** Status of a script that could not write, and of one whose dd was ended by a signal: the node may be going down. */
const WRITE_FAILED_STATUS = 3;
export const INTERRUPTED_STATUS = 4;

/** openssl uses the processor's own instructions, which sha256sum of some systems does not: up to five times as fast. */
const SHA256 =
  'sha256() { if command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r; elif command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c 1-64; }';

/** `stop FOLDER` ends a script that could not write there, with the status that says why. */
const STOP = `${IS_FULL_SHELL_FUNCTION}
stop() {
  is_full "$1" && exit ${NO_SPACE_STATUS}
  exit ${WRITE_FAILED_STATUS}
}`;

/** Where the agent's folder is, relative to the home folder. */
const AGENT_DIR = '.dedgeai';

/** Relative to the home folder, of a path inside the agent's folder. */
export function remotePath(inside: string): string {
  return `${AGENT_DIR}/${inside}`;
}

/**
 * Prints `free KIBIBYTES` of the disk, `whole` if the model has its name, and of each file
 * `file N VERIFIED PART KIBIBYTES FINAL`: sizes (or -), and what the unfinished part takes on the disk. Changes nothing.
 */
export function lookScript(modelSha256: string, paths: readonly string[]): string {
  const staging = remotePath(stagingDir(modelSha256));
  const final = remotePath(modelDir(modelSha256));
  return [
    'size() { if [ -f "$1" ]; then wc -c <"$1" | tr -d " "; else echo -; fi; }',
    'taken() { if [ -f "$1" ]; then du -k -- "$1" | cut -f 1; else echo 0; fi; }',
    `folder=${shellQuote(final)}`,
    // Nothing is started here but df: on a busy machine every program costs its start.
    'while [ ! -d "$folder" ]; do case "$folder" in */*) folder=${folder%/*} ;; *) folder=. ;; esac; done',
    'df -Pk -- "$folder" | { read -r title; read -r device total used free rest; echo "free $free"; }',
    `[ -d ${shellQuote(final)} ] && echo whole`,
    ...paths.map((path, index) => {
      const [verified, part, there] = [`${staging}/${path}`, `${staging}/${path}.part`, `${final}/${path}`].map(shellQuote);
      return `echo file ${index} "$(size ${verified})" "$(size ${part})" "$(taken ${part})" "$(size ${there})"`;
    }),
  ].join('\n');
}

/** Makes the folders. A model under its final name that is not whole becomes unfinished work: each file is verified again. */
export function prepareScript(modelSha256: string, paths: readonly string[]): string {
  const staging = shellQuote(remotePath(stagingDir(modelSha256)));
  const final = shellQuote(remotePath(modelDir(modelSha256)));
  const folders = new Set(paths.map((path) => path.split('/').slice(0, -1).join('/')));
  return [
    STOP,
    'umask 077',
    `rm -f -- ${shellQuote(remotePath(verifiedStamp(modelSha256)))}`,
    `if [ -e ${final} ]; then`,
    `  rm -rf -- ${staging} && mv -- ${final} ${staging} || stop ${AGENT_DIR}`,
    ...paths.map((path) => {
      const file = shellQuote(`${remotePath(stagingDir(modelSha256))}/${path}`);
      return `  if [ -f ${file} ]; then mv -f -- ${file} ${file}.part || stop ${AGENT_DIR}; fi`;
    }),
    'fi',
    ...[...folders].map((folder) => {
      const inside = shellQuote(remotePath(`${stagingDir(modelSha256)}${folder === '' ? '' : `/${folder}`}`));
      return `mkdir -p -- ${inside} || { is_full . && exit ${NO_SPACE_STATUS}; stop ${AGENT_DIR}; }`;
    }),
  ].join('\n');
}

/** Prints the SHA-256 of each whole block of a file, the last shorter one included, one a line. */
export function hashBlocksScript(file: string, blocks: number): string {
  return [
    SHA256,
    'index=0',
    `while [ "$index" -lt ${blocks} ]; do`,
    `  dd if=${shellQuote(file)} bs=${UNIT_BYTES} skip=$((index * ${UNITS})) count=${UNITS} 2>/dev/null | sha256 || exit 1`,
    '  index=$((index + 1))',
    'done',
  ].join('\n');
}

export interface ReceiveScripts {
  /** Runs at the start and prints what it finds; empty for nothing. */
  look: string;
  /** Run at their words; empty for nothing. */
  prepare: string;
  publish: string;
}

/**
 * Takes one file in, as the words on its input say:
 *
 *     prepare                 runs `prepare`, prints `prepared`
 *     block INDEX UNITS REST  and that many bytes: writes them in their place of `file.part`, prints `written INDEX`
 *     follow INDEX            reads that block back for the hash; in order, each once
 *     hash                    prints `hash SHA256` of all that was followed
 *     name                    brings the file to the disk and gives it its name; `name publish` runs `publish` after that
 *
 * Before the first word `look` has printed what is there, and `looked` behind it. Input that ends earlier leaves the file without its name.
 */
export function receiveScript(file: string, { look, prepare, publish }: ReceiveScripts): string {
  const [part, verified, folder] = [`${file}.part`, file, posix.dirname(file)].map(shellQuote);
  return [
    SHA256,
    STOP,
    'umask 077',
    look,
    'echo looked',
    `failed() { [ "$1" -gt 128 ] && exit ${INTERRUPTED_STATUS}; stop ${folder}; }`,
    // Takes words and bytes, and hands on what concerns reading back: that runs beside it.
    'take() {',
    '  while read -r word index units rest; do',
    '    case "$word" in',
    '    prepare)',
    prepare,
    '      echo prepared >&3 || exit 1',
    '      ;;',
    '    block)',
    `      place=$((index * ${UNITS}))`,
    '      if [ "$units" -gt 0 ]; then',
    `        dd of=${part} bs=${UNIT_BYTES} count="$units" iflag=fullblock seek="$place" conv=notrunc || failed $?`,
    '      fi',
    '      if [ "$rest" -gt 0 ]; then',
    '        dd bs="$rest" count=1 iflag=fullblock 2>/dev/null |',
    `          dd of=${part} bs=${UNIT_BYTES} seek=$((place + units)) conv=notrunc || failed $?`,
    '      fi',
    // A line that no one hears means that the input ended too: what was written last may be half a block.
    '      echo "written $index" >&3 || exit 1',
    '      ;;',
    '    *) echo "$word $index" || exit 1 ;;',
    '    esac',
    '  done',
    '}',
    'blocks() {',
    '  while read -r word index && [ "$word" = follow ]; do',
    `    dd if=${part} bs=${UNIT_BYTES} skip=$((index * ${UNITS})) count=${UNITS} 2>/dev/null`,
    `    [ $((index % ${SYNC_EVERY_BLOCKS})) -ne ${SYNC_EVERY_BLOCKS - 1} ] || echo >&5`,
    '  done',
    '}',
    'follow() {',
    '  exec 5>&1 >&3',
    '  echo "hash $(blocks | sha256)"',
    '  read -r word and && [ "$word" = name ] || exit 0',
    `  { sync -- ${part} 2>/dev/null || sync; } && mv -f -- ${part} ${verified} || stop ${folder}`,
    '  [ "$and" = publish ] || exit 0',
    publish,
    '}',
    // The disk works while the rest is still coming, and no one waits for it.
    `bring() { while read -r line; do sync -- ${part} 2>/dev/null; done; }`,
    'exec 3>&1',
    // Both statuses come out of the pipe; the one that failed first is the script's.
    'statuses=$({ { (take); echo $? >&4; } | { (follow); echo $? >&4; } | bring; } 4>&1)',
    'for status in $statuses; do [ "$status" -eq 0 ] || exit "$status"; done',
  ].join('\n');
}

/** A stretch of a file of the model, by the indexes of both. */
export interface BlockOfModel {
  file: number;
  block: number;
}

/** Prints `verified MS` (when all of it was last compared), `changed` if a file is newer than that, and `block FILE BLOCK SHA256` for each. */
export function sampleScript(modelSha256: string, paths: readonly string[], blocks: readonly BlockOfModel[]): string {
  const stamp = shellQuote(remotePath(verifiedStamp(modelSha256)));
  const final = remotePath(modelDir(modelSha256));
  return [
    SHA256,
    `if [ -f ${stamp} ]; then`,
    `  read -r verified <${stamp}; echo "verified $verified"`,
    `  [ -z "$(find ${shellQuote(final)} -type f -newer ${stamp} | head -n 1)" ] || echo changed`,
    'fi',
    ...blocks.map(({ file, block }) => {
      const path = shellQuote(`${final}/${paths[file] ?? ''}`);
      return `echo "block ${file} ${block} $(dd if=${path} bs=${UNIT_BYTES} skip=${block * UNITS} count=${UNITS} 2>/dev/null | sha256)"`;
    }),
  ].join('\n');
}

/** Prints `file INDEX SHA256` of each file of the model under its name; where all are right, notes that they were compared at `nowMs`. */
export function verifyScript(modelSha256: string, files: readonly { path: string; sha256: string }[], nowMs: number): string {
  const final = remotePath(modelDir(modelSha256));
  return [
    SHA256,
    'umask 077',
    'right=yes',
    // The stamp is older than what is read: a change in the meantime shows as newer.
    `touch -- ${shellQuote(`${remotePath(verifiedStamp(modelSha256))}.new`)}`,
    ...files.map(({ path, sha256 }, index) =>
      [`hash=$(sha256 <${shellQuote(`${final}/${path}`)}); echo "file ${index} $hash"`, `[ "$hash" = ${sha256} ] || right=no`].join('\n'),
    ),
    stampLines(modelSha256, nowMs),
  ].join('\n');
}

/** Puts the time into the stamp without making it newer. */
function stampLines(modelSha256: string, nowMs: number): string {
  const stamp = remotePath(verifiedStamp(modelSha256));
  const [fresh, named] = [shellQuote(`${stamp}.new`), shellQuote(stamp)];
  return [
    `if [ "$right" = yes ]; then`,
    `  echo ${Math.round(nowMs)} >${named} && touch -r ${fresh} -- ${named}`,
    'fi',
    `rm -f -- ${fresh}`,
  ].join('\n');
}

/** Gives the model its name, once every file of it is verified; `nowMs` is noted as the time of that. */
export function publishScript(modelSha256: string, nowMs: number): string {
  const [staging, final] = [remotePath(stagingDir(modelSha256)), remotePath(modelDir(modelSha256))];
  const folder = shellQuote(remotePath('models'));
  return [
    STOP,
    // mv would put the one into the other.
    `[ ! -e ${shellQuote(final)} ] || { echo "${final} is there already" >&2; exit ${WRITE_FAILED_STATUS}; }`,
    `mv -- ${shellQuote(staging)} ${shellQuote(final)} || stop ${folder}`,
    `echo ${Math.round(nowMs)} >${shellQuote(remotePath(verifiedStamp(modelSha256)))}`,
    `sync -- ${folder} 2>/dev/null || sync`,
  ].join('\n');
}

/** Throws away what is there of a file. */
export function forgetPartScript(file: string): string {
  return `rm -f -- ${shellQuote(file)}`;
}
