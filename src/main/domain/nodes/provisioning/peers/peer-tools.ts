// Small programs that open a port for a while and that try to connect to one, in each of the languages that a node may have. They answer by
// exit statuses: words are another in every version and language.

/** How an attempt to connect ended, as a status. */
export const KNOCK_STATUSES = { reached: 0, refused: 10, silent: 11, 'no-route': 12, 'no-name': 13, failed: 14 } as const;
/** Why no port was opened, as a status. */
export const LISTEN_STATUSES = { taken: 20, notAllowed: 21, noTool: 22 } as const;
/** Real seconds for one attempt to connect. */
export const KNOCK_SECONDS = 3;
/** Printed when the port is open. */
export const LISTENING = 'listening';

const { refused, silent, failed } = KNOCK_STATUSES;
const [NO_ROUTE, NO_NAME] = [KNOCK_STATUSES['no-route'], KNOCK_STATUSES['no-name']];
const { taken, notAllowed } = LISTEN_STATUSES;

/** Where a program of a language comes from, how it is proved to work, and the programs; `listen` takes port, seconds and 6 for IPv6, `knock` host and port. */
export interface PeerTool {
  name: string;
  /** Shell words that run a program; `$tool_path` is where Node.js was found. */
  command: string;
  /** A program that ends with 0 where the language can do it. */
  proof: string;
  listen: string;
  knock: string;
}

const PERL: PeerTool = {
  name: 'perl',
  command: 'perl -e',
  proof: 'use Socket qw(:DEFAULT getaddrinfo pack_sockaddr_in6); use Errno; exit 0',
  listen: `use Socket qw(:DEFAULT pack_sockaddr_in6 IN6ADDR_ANY);
use Errno;
my ($port, $seconds, $family) = @ARGV;
$| = 1;
alarm $seconds;
socket(my $server, $family eq "6" ? PF_INET6 : PF_INET, SOCK_STREAM, 0) or exit ${notAllowed};
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, pack("l", 1));
bind($server, $family eq "6" ? pack_sockaddr_in6($port, IN6ADDR_ANY) : sockaddr_in($port, INADDR_ANY)) or exit($!{EADDRINUSE} ? ${taken} : ${notAllowed});
listen($server, 128) or exit($!{EADDRINUSE} ? ${taken} : ${notAllowed});
print "${LISTENING}\\n";
while (1) {
  my $ready = "";
  vec($ready, fileno($server), 1) = 1;
  vec($ready, fileno(STDIN), 1) = 1;
  select($ready, undef, undef, undef) > 0 or next;
  if (vec($ready, fileno($server), 1)) { accept(my $peer, $server) and close($peer) }
  if (vec($ready, fileno(STDIN), 1)) { sysread(STDIN, my $rest, 4096) or exit 0 }
}`,
  knock: `use Socket qw(:DEFAULT getaddrinfo);
use Errno;
my ($host, $port) = @ARGV;
my $status = ${NO_NAME};
$SIG{ALRM} = sub { exit $status };
alarm ${KNOCK_SECONDS};
my ($error, @found) = getaddrinfo($host, $port, { socktype => SOCK_STREAM });
exit ${NO_NAME} if $error or !@found;
for my $address (@found) {
  $status = ${silent};
  socket(my $peer, $address->{family}, SOCK_STREAM, 0) or next;
  exit 0 if connect($peer, $address->{addr});
  $status = $!{ECONNREFUSED} ? ${refused} : $!{EHOSTUNREACH} || $!{ENETUNREACH} ? ${NO_ROUTE} : $!{ETIMEDOUT} ? ${silent} : ${failed};
}
exit $status;`,
};

const PYTHON: PeerTool = {
  name: 'python3',
  command: 'python3 -c',
  proof: 'import errno, os, select, signal, socket, sys',
  listen: `import errno, os, select, signal, socket, sys
port, seconds, family = sys.argv[1:4]
signal.alarm(int(seconds))
try:
    server = socket.socket(socket.AF_INET6 if family == "6" else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::" if family == "6" else "0.0.0.0", int(port)))
    server.listen(128)
except OSError as error:
    sys.exit(${taken} if error.errno == errno.EADDRINUSE else ${notAllowed})
os.write(1, b"${LISTENING}\\n")
while True:
    ready = select.select([server, 0], [], [])[0]
    if server in ready:
        server.accept()[0].close()
    if 0 in ready and not os.read(0, 4096):
        sys.exit(0)`,
  knock: `import errno, os, signal, socket, sys
host, port = sys.argv[1:3]
status = [${NO_NAME}]
signal.signal(signal.SIGALRM, lambda *_: os._exit(status[0]))
signal.alarm(${KNOCK_SECONDS})
try:
    found = socket.getaddrinfo(host, int(port), 0, socket.SOCK_STREAM)
except OSError:
    sys.exit(${NO_NAME})
answers = {errno.ECONNREFUSED: ${refused}, errno.EHOSTUNREACH: ${NO_ROUTE}, errno.ENETUNREACH: ${NO_ROUTE}, errno.ETIMEDOUT: ${silent}}
for family, kind, protocol, _, address in found:
    status[0] = ${silent}
    try:
        socket.socket(family, kind, protocol).connect(address)
        sys.exit(0)
    except OSError as error:
        status[0] = answers.get(error.errno, ${failed})
sys.exit(status[0])`,
};

const NODE: PeerTool = {
  name: 'node',
  command: '"$tool_path" -e',
  proof: 'require("net")',
  listen: `const [port, seconds, family] = process.argv.slice(1);
setTimeout(() => process.exit(0), seconds * 1000);
const server = require("net").createServer((socket) => socket.on("error", () => {}).destroy());
server.on("error", (error) => process.exit(error.code === "EADDRINUSE" ? ${taken} : ${notAllowed}));
server.listen(Number(port), family === "6" ? "::" : "0.0.0.0", () => console.log("${LISTENING}"));
process.stdin.on("end", () => process.exit(0)).resume();`,
  knock: `const [host, port] = process.argv.slice(1);
let status = ${NO_NAME};
setTimeout(() => process.exit(status), ${KNOCK_SECONDS} * 1000);
require("dns").lookup(host, (unknown, address) => {
  if (unknown) process.exit(${NO_NAME});
  status = ${silent};
  const answers = { ECONNREFUSED: ${refused}, EHOSTUNREACH: ${NO_ROUTE}, ENETUNREACH: ${NO_ROUTE}, ETIMEDOUT: ${silent} };
  require("net").connect(Number(port), address, () => process.exit(0)).on("error", ({ code }) => process.exit(answers[code] ?? ${failed}));
});`,
};

/** The quickest to start first: Debian and Ubuntu always have perl, boards of other makers often Python alone. */
export const PEER_TOOLS: readonly PeerTool[] = [PERL, PYTHON, NODE];
