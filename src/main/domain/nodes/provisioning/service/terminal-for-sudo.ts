// A terminal for a sudo that runs nothing without one (requiretty, as older Red Hats have it). Its standard streams stay what they are, so that a
// password is echoed nowhere and output arrives as it was written; the terminal is there to be had, and nothing is said on it.

/** What sudo says then, in the language that SUDO_IN_ENGLISH asks for. */
export const WANTS_TERMINAL = /must have a tty/;

/** Before `sudo`: its messages in the one language that is read here. */
export const SUDO_IN_ENGLISH = 'LC_ALL=C';

/**
 * Shell function that runs its arguments as the first process of a session with a terminal of its own. Status 125: there is no perl, or no
 * terminal to be had. The two numbers unlock a new terminal and ask for its own (TIOCSPTLCK, TIOCGPTN; alike on ARM and x86).
 */
export const TERMINAL_SHELL_FUNCTION = `with_terminal() {
  command -v perl >/dev/null 2>&1 || return 125
  perl -MPOSIX -e '
    my ($locked, $number) = (pack("i", 0), pack("i", 0));
    open my $master, "+<", "/dev/ptmx" or exit 125;
    ioctl $master, 0x40045431, $locked or exit 125;
    ioctl $master, 0x80045430, $number or exit 125;
    my $pid = fork;
    defined $pid or exit 125;
    if ($pid == 0) {
      POSIX::setsid();
      open my $terminal, "+<", "/dev/pts/" . unpack "i", $number or POSIX::_exit(125);
      exec { $ARGV[0] } @ARGV or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
  ' "$@"
}`;
