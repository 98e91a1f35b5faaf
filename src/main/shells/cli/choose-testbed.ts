import type { Testbed } from '../../../shared/testbed.js';
import { findOrDefault } from './find-by-name.js';
import type { Session } from './session.js';

/** The testbed that is named, else the only one, else that of the last run; `naming`: how it is named in the command. */
export async function chooseTestbed({ api, terminal }: Session, nameOrId: string | undefined, naming = 'its name'): Promise<Testbed> {
  const testbeds = await api.testbeds.list();
  const isOpen = nameOrId === undefined && testbeds.length > 1;
  return findOrDefault(testbeds, nameOrId, {
    ...{ what: 'testbed', naming },
    usedIds: isOpen ? (await api.runs.list()).map(({ spec }) => spec.testbedId) : [],
    note: (text) => terminal.note(text),
  });
}
