// Child processes of the scripts: one that shows its output, one whose output is kept, one that stands in for the script itself.
import { spawn } from 'node:child_process';
import { projectDir } from './paths.mjs';

const KEPT_TAIL_CHARS = 8000;

/**
 * Runs a command to its end and returns { code, output }; never throws for a nonzero status. `show` copies the output to stderr as it
 * comes. After `timeoutMs` the command and its children are killed and `code` is null.
 */
export function runCommand(command, args, { show = true, env = process.env, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const ownGroup = timeoutMs > 0 && process.platform !== 'win32';
    const child = spawn(command, args, { cwd: projectDir, env, stdio: ['ignore', 'pipe', 'pipe'], detached: ownGroup, windowsHide: true });
    let output = '';
    const keep = (chunk) => {
      output = (output + String(chunk)).slice(-KEPT_TAIL_CHARS);
      if (show) process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);

    const kill = () => {
      try {
        if (ownGroup) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It ended in the meantime.
      }
    };
    const timer = timeoutMs > 0 ? setTimeout(kill, timeoutMs) : undefined;
    const release = passSignals((signal) => (ownGroup ? kill() : child.kill(signal)));
    const finish = (code, text) => {
      clearTimeout(timer);
      release();
      resolve({ code, output: text });
    };
    child.once('error', (error) => finish(null, `${output}${error.message}`));
    child.once('close', (code) => finish(code, output));
  });
}

/**
 * Runs the program that the script is a launcher for, on the same terminal, and returns { code, signal, livedMs }. A channel ties the two
 * together: a child that listens to `disconnect` notices when the launcher dies.
 */
export function runForeground(command, args, { env = process.env, cwd = projectDir } = {}) {
  return new Promise((resolve, reject) => {
    const startedAtMs = Date.now();
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], windowsHide: false });
    const release = passSignals((signal) => child.kill(signal));
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      release();
      resolve({ code, signal, livedMs: Date.now() - startedAtMs });
    });
  });
}

/**
 * Keeps this process alive through the signals that end it, so that it can wait for its child. Ctrl-C reaches the child from the terminal
 * itself; the others are passed on. Returns the function that ends this.
 */
function passSignals(pass) {
  const onInterrupt = () => {
    if (!process.stdin.isTTY) pass('SIGINT');
  };
  const onTerminate = () => pass('SIGTERM');
  const onHangup = () => pass('SIGTERM');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate).on('SIGHUP', onHangup);
  return () => process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('SIGHUP', onHangup);
}
