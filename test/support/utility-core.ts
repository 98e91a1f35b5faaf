// A small core for Electron's utility process: the real line to main and the real server of calls, over services with canned answers. The
// real core's native modules need a newer Node.js than old Electrons have.
import { findParent } from '../../src/main/programs/core/parent.js';
import { protectionByParent } from '../../src/main/programs/core/protection-by-parent.js';
import { serveCalls } from '../../src/main/transport/server/serve-calls.js';
import { standInServices } from './stand-in-services.js';

const parent = findParent();
const protection = protectionByParent((message) => parent.post(message));
const services = standInServices();
services.credentials = { status: () => protection.describe() } as never;

parent.onMessage((message) => {
  if (message.kind !== 'close') return protection.receive(message);
  parent.post({ kind: 'closed' });
  setTimeout(() => process.exit(0), 50);
});
parent.onConnection((connection) => serveCalls(connection, services, (problem) => process.stderr.write(`${problem}\n`)));
parent.post({ kind: 'ready', endpoint: { socketPath: 'none', token: 'none' } });
