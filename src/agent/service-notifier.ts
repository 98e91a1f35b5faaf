// Notifies systemd that the agent is ready and alive (sd_notify). Node.js has no datagram sockets of the local kind, so a helper process sends
// the words: one small perl that lives as long as the agent (perl-base is on every Debian and Ubuntu, and so on every Jetson), or where
// there is none, one systemd-notify a word. Outside systemd nothing of this runs.
import { type ChildProcess, spawn } from 'node:child_process';
import { type AgentLog, describeThrown } from './log.js';

export interface ServiceNotifier {
  /** Ends the helper after saying that the agent stops. */
  stop(): void;
}

interface NotifierOptions {
  environment: NodeJS.ProcessEnv;
  pid: number;
  log: AgentLog;
}

/** Sends each line of its input as one datagram; ends with its input. A socket name with @ stands for the abstract name. */
const HELPER = `socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "no socket: $!";
my $name = $ENV{NOTIFY_SOCKET}; $name =~ s/^@/\\0/;
while (my $line = <STDIN>) { chomp $line; send($socket, $line, 0, pack_sockaddr_un($name)) or die "not sent: $!"; }`;

/** Pings in one watchdog period: one that is late is no restart. */
const PINGS_PER_PERIOD = 3;

/** Says READY=1 now and WATCHDOG=1 from then on, as the environment asks; null where systemd did not start this process. */
export function notifyServiceManager({ environment, pid, log }: NotifierOptions): ServiceNotifier | null {
  if (!environment['NOTIFY_SOCKET']) return null;
  const send = createSender(log);
  send('READY=1');
  const intervalMs = pingIntervalMs(environment, pid);
  const timer = intervalMs === null ? null : setInterval(() => send('WATCHDOG=1'), intervalMs);
  return {
    stop: () => {
      if (timer) clearInterval(timer);
      send('STOPPING=1');
    },
  };
}

/** Real ms between two pings; null where no watchdog watches this very process. */
export function pingIntervalMs(environment: NodeJS.ProcessEnv, pid: number): number | null {
  const periodUs = Number(environment['WATCHDOG_USEC']);
  const watchedPid = environment['WATCHDOG_PID'];
  if (!Number.isSafeInteger(periodUs) || periodUs <= 0) return null;
  if (watchedPid && Number(watchedPid) !== pid) return null;
  return Math.max(100, Math.floor(periodUs / 1000 / PINGS_PER_PERIOD));
}

function createSender(log: AgentLog): (word: string) => void {
  let helper: ChildProcess | null = null;
  let isHelperUsable = true;
  let lastWord = '';
  const sendByTool = (word: string): void => {
    const tool = spawn('systemd-notify', [word], { stdio: 'ignore' });
    tool.on('error', (error) => log.warn('systemd was not notified', { word, reason: describeThrown(error) }));
  };
  const giveUpHelper = (): void => {
    helper = null;
    isHelperUsable = false;
    sendByTool(lastWord);
  };
  const startHelper = (): ChildProcess => {
    const child = spawn('perl', ['-MSocket', '-e', HELPER], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', giveUpHelper);
    child.on('exit', (code) => (code === 0 || code === null ? (helper = null) : giveUpHelper()));
    // A helper that has ended says so by its exit.
    child.stdin.on('error', () => undefined);
    return child;
  };
  return (word) => {
    lastWord = word;
    if (!isHelperUsable) {
      sendByTool(word);
      return;
    }
    helper ??= startHelper();
    helper.stdin?.write(`${word}\n`);
  };
}
