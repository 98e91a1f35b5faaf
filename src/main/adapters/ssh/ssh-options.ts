// Every option that `ssh -G` prints, and what becomes of it here: obeyed, without a meaning for what this program does, or done otherwise, with
// the effect in words. Names as in ssh_config(5).
import { hasSameSetting, type SshSettings } from './ssh-settings.js';
import { printable } from './ssh-errors.js';

/** Read by parse-resolved-host.ts, or by `ssh -G` itself before it prints. */
const OBEYED = `Host User HostName Port HostKeyAlias IdentityFile IdentitiesOnly IdentityAgent ProxyJump ProxyCommand RefuseConnection
  UserKnownHostsFile GlobalKnownHostsFile RevokedHostKeys StrictHostKeyChecking Tag CanonicalDomains CanonicalizeHostname CanonicalizeMaxDots
  CanonicalizeFallbackLocal CanonicalizePermittedCNAMEs IgnoreUnknown Include Match`;

/** Terminals, forwarding for people, logs, files of OpenSSH that are never written here, and what belongs to logins that are not tried. */
const WITHOUT_MEANING = `AddKeysToAgent BatchMode CASignatureAlgorithms ClearAllForwardings ControlPath ControlPersist EnableEscapeCommandline
  EnableSSHKeysign EscapeChar ExitOnForwardFailure FingerprintHash ForkAfterAuthentication ForwardAgent ForwardX11 ForwardX11Timeout
  ForwardX11Trusted GatewayPorts GSSAPIAuthentication GSSAPIKeyExchange GSSAPIDelegateCredentials GSSAPITrustDns GSSAPIRenewalForcesRekey
  GSSAPIKexAlgorithms GSSAPIClientIdentity GSSAPIServerIdentity HashKnownHosts HostbasedAcceptedAlgorithms IPQoS KbdInteractiveDevices
  LocalCommand LogLevel LogVerbose NumberOfPasswordPrompts ObscureKeystrokeTiming PermitLocalCommand PermitRemoteOpen ProxyUseFdpass
  RemoteCommand RequestTTY SecurityKeyProvider SendEnv ServerAliveCountMax ServerAliveInterval SessionType StdinNull StreamLocalBindMask
  StreamLocalBindUnlink SyslogFacility TCPKeepAlive Tunnel TunnelDevice UpdateHostKeys VersionAddendum VisualHostKey WarnWeakCrypto
  XAuthLocation`;

const OWN_ALGORITHMS = 'the algorithms of this program are offered instead.';
const LOGIN_OF_NODE = 'the login that is chosen for the node is tried all the same.';

const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  AddressFamily: 'the address that the system finds first is taken, of either family.',
  BindAddress: 'connections leave from the address that the system chooses.',
  BindInterface: 'connections leave from the interface that the system chooses.',
  CertificateFile: 'the certificate is not presented, since the SSH library knows none of users; let a key in instead: node authorize.',
  ChannelTimeout: 'channels are closed when a command ends, not by time.',
  CheckHostIP: 'the host key is verified under the name alone, not under the IP address as well.',
  Ciphers: OWN_ALGORITHMS,
  Compression: 'data is sent without compression.',
  ConnectTimeout: 'a connection is given up after 15 s.',
  ConnectionAttempts: 'one attempt is made.',
  ControlMaster: 'a connection of its own is opened, with a login of its own.',
  DynamicForward: 'nothing is forwarded.',
  HostKeyAlgorithms: OWN_ALGORITHMS,
  HostbasedAuthentication: 'the login by host is not tried.',
  KbdInteractiveAuthentication: LOGIN_OF_NODE,
  KexAlgorithms: OWN_ALGORITHMS,
  KnownHostsCommand: 'the command is not run: a key that only it knows counts as unknown.',
  LocalForward: 'nothing is forwarded.',
  MACs: OWN_ALGORITHMS,
  NoHostAuthenticationForLocalhost: 'the host key of localhost is verified as any other.',
  PasswordAuthentication: LOGIN_OF_NODE,
  PKCS11Provider: 'keys on a token are used through the SSH agent alone (ssh-add -s).',
  PreferredAuthentications: LOGIN_OF_NODE,
  PubkeyAcceptedAlgorithms: OWN_ALGORITHMS,
  PubkeyAuthentication: LOGIN_OF_NODE,
  RekeyLimit: 'keys of the session are changed when the server asks for it.',
  RemoteForward: 'nothing is forwarded.',
  RequiredRSASize: 'RSA keys of any length are used.',
  SetEnv: 'commands on the node run without these variables.',
  VerifyHostKeyDNS: 'DNS is not asked about host keys; the record and the files of known hosts are.',
};

/** By the keyword in lower case. */
const EFFECTS = new Map(Object.entries(NOT_SUPPORTED).map(([name, effect]) => [name.toLowerCase(), { name, effect }]));
const QUIET = new Set(`${OBEYED} ${WITHOUT_MEANING}`.toLowerCase().split(/\s+/));
const MAX_VALUE_LENGTH = 60;

/**
 * A sentence for each option that was set to something else than OpenSSH's default and is not obeyed. `defaults` are those of a host without
 * configuration.
 */
export function listUnsupported(settings: SshSettings, defaults: SshSettings): string[] {
  return [...settings.keys()].flatMap((keyword) => {
    if (QUIET.has(keyword) || hasSameSetting(settings, defaults, keyword)) return [];
    const { name, effect } = EFFECTS.get(keyword) ?? { name: keyword, effect: 'this program does not know the option.' };
    return [`${name} ${printable((settings.get(keyword) ?? []).join(' '), MAX_VALUE_LENGTH)} is not supported: ${effect}`];
  });
}

/** Whether the table has a row for it. */
export function isKnownOption(keyword: string): boolean {
  return QUIET.has(keyword.toLowerCase()) || EFFECTS.has(keyword.toLowerCase());
}
