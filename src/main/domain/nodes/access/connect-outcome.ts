// What came of going to a node over SSH, as values: a question about a host key is an answer, not a failure of the program.
import type { AppError } from '../../../../shared/errors.js';
import type { HostKeyQuestion } from '../../../../shared/provisioning.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { ResolvedSshRoute } from '../../../adapters/ssh/ssh-route.js';

export interface HostKeyQuestioned {
  kind: 'host-key-question';
  /** The node or a host on the way shows a key that the user has to decide about. */
  question: HostKeyQuestion;
  error: AppError;
}

export interface HostKeyRevoked {
  kind: 'host-key-revoked';
  error: AppError;
}

/** The user's SSH configuration trusts only keys that its files hold, and this one is in none of them. */
export interface HostKeyNotListed {
  kind: 'host-key-not-listed';
  error: AppError;
}

/** Nothing was sent: a secret is missing, the vault is locked, or a key file or a file of known hosts can't be read. */
export interface Unprepared {
  kind: 'unprepared';
  error: AppError;
}

/** Why the node was not reached; `error` says it in words, for anyone who has nothing better to do with it than to fail. */
export type NotConnected =
  | HostKeyQuestioned
  | HostKeyRevoked
  | HostKeyNotListed
  | Unprepared
  | { kind: 'unreachable' | 'login-refused' | 'cancelled'; error: AppError };

export type ConnectOutcome = { kind: 'connected'; connection: SshConnection } | NotConnected;
export type ProbeOutcome = { kind: 'shown'; hostKey: HostKey } | NotConnected;
export type RouteOutcome = { kind: 'resolved'; route: ResolvedSshRoute } | NotConnected;

/** What is said of a host key. */
export type HostKeyVerdict = { kind: 'trusted' } | HostKeyQuestioned | HostKeyRevoked | HostKeyNotListed;

/** What becomes of a key that no one knows; `as-configured`: as ~/.ssh/config says, which is to ask unless it says otherwise. */
export type NewKeyPolicy = 'ask' | 'as-configured' | 'accept';
