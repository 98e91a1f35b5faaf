import { describe, expect, it } from 'vitest';
import type { Acceptance } from '../../../src/main/domain/runs/task-board.js';
import { ResultCommits } from '../../../src/main/domain/runs/result-commits.js';

const named = (taskId: string): Acceptance => ({ lease: { taskId } }) as Acceptance;
const idsOf = (group: readonly Acceptance[]): string[] => group.map(({ lease }) => lease.taskId);

describe('results that are ready together', () => {
  it('share one commit, and each hears its own answer only after it', async () => {
    const committed: string[][] = [];
    const commits = new ResultCommits((group) => {
      committed.push(idsOf(group));
      return group.map(({ lease }) => lease.taskId !== 'late');
    });
    const answers = await Promise.all(['a', 'late', 'b'].map((id) => commits.add(named(id))));
    expect(committed).toEqual([['a', 'late', 'b']]);
    expect(answers).toEqual([true, false, true]);
  });

  it('go one by one after a commit failed, so that one that can’t be stored takes no other with it', async () => {
    const committed: string[] = [];
    const commits = new ResultCommits((group) => {
      if (idsOf(group).includes('bad')) throw new Error('can not be stored');
      committed.push(...idsOf(group));
      return group.map(() => true);
    });
    const addAll = (): Promise<PromiseSettledResult<boolean>[]> =>
      Promise.allSettled(['a', 'bad', 'b'].map((id) => commits.add(named(id))));
    expect((await addAll()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect((await addAll()).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(committed).toEqual(['a', 'b']);
  });
});
