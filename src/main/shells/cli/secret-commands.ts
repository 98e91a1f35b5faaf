// `npm run cli -- secret ...`: where secrets are kept, and the vault that keeps them for the terminal.
import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import {
  type CredentialStatus,
  type KeptSecret,
  SECRET_HOLDER_TITLES,
  SECRET_KIND_TITLES,
  SECRET_KINDS,
  type SecretKind,
  secretRefOf,
  TOKEN_ACCOUNT_TITLES,
  TOKEN_ACCOUNTS,
  type TokenAccount,
} from '../../../shared/credentials.js';
import { AppError } from '../../../shared/errors.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { findByName } from './find-by-name.js';
import { isVaultOpen, noOpenVault } from './login-options.js';
import { askHidden, canAsk } from './secret-input.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable } from './terminal.js';

interface ForgetOptions extends CommonOptions, RemovalOptions {
  kind?: SecretKind;
}

export function addSecretCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const secret = program.command('secret').description('passwords, passphrases and tokens: where they are kept, and the vault for them');
  const add = (name: string, description: string, act: (session: Session, options: CommonOptions) => Promise<void>): Command =>
    secret
      .command(name)
      .description(description)
      .action((_options: unknown, command: Command) =>
        run(() => {
          const options = command.optsWithGlobals<CommonOptions>();
          // The passphrase on standard input is this command's own: nothing is to be unlocked with it before.
          return withSession({ ...options, vaultPassphraseStdin: false }, { access: 'exclusive', activity: 'none' }, async (session) => {
            await act(session, options);
            return 0;
          });
        }),
      );

  secret
    .command('list')
    .description('list what is kept and where; never the secrets')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const status = await api.credentials.status();
          terminal.result(status, describeStatus(status));
          return 0;
        }),
      ),
    );

  add('create-vault', 'make the vault; its passphrase is asked for, or the first line of standard input', async (session, options) => {
    const passphrase = await newPassphrase(session, options, 'Passphrase for the new vault');
    await session.api.credentials.createVault({ passphrase });
    const { vault } = await session.api.credentials.status();
    session.terminal.result({ vault }, `Made the vault ${vault.path}. No one can recover its passphrase.`);
  });

  add(
    'change-passphrase',
    'give the vault another passphrase; on standard input: the present one, then the new one',
    async (session, options) => {
      const current = await readPassphrase(session, options, 'Present passphrase of the vault');
      const next = await newPassphrase(session, options, 'New passphrase of the vault');
      await session.api.credentials.changeVaultPassphrase({ current, next });
      session.terminal.result({ isChanged: true }, 'Changed the passphrase of the vault.');
    },
  );

  add('discard-vault', 'delete the vault with every secret in it', async ({ api, terminal }, options) => {
    const isMeant = await confirmRemoval('This deletes every secret in the vault.', options as CommonOptions & RemovalOptions);
    if (isMeant) await api.credentials.discardVault();
    terminal.result({ isDiscarded: isMeant }, isMeant ? 'Discarded the vault.' : 'The vault is as it was.');
  }).option('--yes', 'without asking', false);

  addSet(secret, run);
  addForget(secret, run);
}

function addSet(secret: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  secret
    .command('set')
    .description('keep the token of an account elsewhere in the vault; it is asked for, or the next line of standard input')
    .addArgument(new Argument('<account>', 'whose token it is').choices(TOKEN_ACCOUNTS))
    .option('--token-stdin', 'the next line of standard input is the token', false)
    .action((account: TokenAccount, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { tokenStdin: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal, stdinLines } = session;
          const title = TOKEN_ACCOUNT_TITLES[account];
          if (!(await isVaultOpen(session))) throw noOpenVault();
          const token = options.tokenStdin ? await stdinLines.next('the token') : await askHidden(`${title} access token`);
          if (token === null) {
            const hint = canAsk() ? 'Type it.' : 'Write it to standard input and add --token-stdin.';
            throw new AppError('invalid-input', 'No token was given.', hint);
          }
          await api.credentials.set({ of: { kind: 'token', account }, secret: token.trim(), holder: 'vault' });
          terminal.result({ kept: { kind: 'token', subject: account, holder: 'vault' } }, `The vault keeps the token of ${title}.`);
          return 0;
        });
      }),
    );
}

function addForget(secret: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  withYes(
    secret.command('forget').description('take back what is kept for a node, a key file or an account, also while the vault is locked'),
  )
    .argument('<of>', 'name or id of a node, path of a key file, or the account of a token')
    .addOption(new Option('--kind <kind>', 'only this secret of it').choices(SECRET_KINDS))
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ForgetOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal } = session;
          const found = await findKept(session, nameOrId, options.kind);
          const named = found.map(({ kind }) => SECRET_KIND_TITLES[kind]).join(', ');
          if (!(await confirmRemoval(`This forgets what is kept of ${nameOrId}: ${named}.`, options))) {
            terminal.result({ forgotten: [] }, 'Nothing was forgotten.');
            return 0;
          }
          for (const kept of found) await api.credentials.forget({ of: secretRefOf(kept) });
          terminal.result({ forgotten: found.map(({ kind, subject }) => ({ kind, subject })) }, `Forgot of ${nameOrId}: ${named}`);
          return 0;
        });
      }),
    );
}

/** One or more; throws `not-found` listing what is kept, or `conflict` when a name fits several nodes. */
async function findKept({ api }: Session, nameOrId: string, kind: SecretKind | undefined): Promise<KeptSecret[]> {
  const { secrets } = await api.credentials.status();
  const nodes = (await api.testbeds.list()).flatMap((testbed) => testbed.nodes);
  const isNode = nodes.some(({ id, name }) => id === nameOrId || name === nameOrId);
  const isAccount = kind === 'token' || (!isNode && TOKEN_ACCOUNTS.some((account) => account === nameOrId));
  const subject = isAccount ? nameOrId : isNode ? findByName(nodes, nameOrId, 'node').id : resolve(nameOrId);
  const found = secrets.filter((kept) => kept.subject === subject && (kind === undefined || kept.kind === kind));
  if (found.length > 0) return found;
  const nameOf = ({ subject: of }: KeptSecret): string => nodes.find(({ id }) => id === of)?.name ?? of;
  const known = secrets.map((kept) => `${kept.kind} of ${nameOf(kept)}`).join(', ');
  throw new AppError('not-found', `No ${kind ?? 'secret'} is kept of “${nameOrId}”`, known ? `Kept: ${known}.` : 'No secret is kept.');
}

async function readPassphrase({ stdinLines }: Session, options: CommonOptions, question: string): Promise<string> {
  if (options.vaultPassphraseStdin) return stdinLines.next('the passphrase of the vault');
  const answer = await askHidden(question);
  if (answer !== null) return answer;
  const hint = canAsk() ? 'Type it.' : 'Write it to standard input and add --vault-passphrase-stdin.';
  throw new AppError('invalid-input', 'No passphrase was given.', hint);
}

/** What is typed unseen is typed twice. */
async function newPassphrase(session: Session, options: CommonOptions, question: string): Promise<string> {
  const passphrase = await readPassphrase(session, options, question);
  if (options.vaultPassphraseStdin || (await askHidden('Repeat the passphrase')) === passphrase) return passphrase;
  throw new AppError('invalid-input', 'The two passphrases are not the same.', 'Run the command again.');
}

function describeStatus({ system, vault, secrets }: CredentialStatus): string {
  const rows = secrets.map(({ kind, subject, holder, isReadable, storedAtMs }) => [
    SECRET_KIND_TITLES[kind],
    subject,
    SECRET_HOLDER_TITLES[holder],
    isReadable ? 'yes' : 'not now',
    new Date(storedAtMs).toISOString(),
  ]);
  return [
    `System's key store: ${system.isUsable ? 'usable' : 'not used'}. ${system.description}`,
    `Vault: ${vault.state} (${vault.path})`,
    rows.length === 0 ? 'No secret is kept.' : formatTable(['secret', 'of', 'kept by', 'readable', 'kept since'], rows),
  ].join('\n');
}
