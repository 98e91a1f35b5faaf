// What rows of earlier versions say of the environment of a run: its program and its nodes. The rest is not known.
import type { Environment } from '../../../shared/record.js';
import type { LoadedRun } from '../runs/run-store.js';
import { excludedAmong, toNodeEnvironment } from './describe-environment.js';

export function partialEnvironment(run: LoadedRun): Environment {
  const { spec, specSha256, programVersion, testbedName, datasetName, timeScale, nodesSnapshot, excludedNodes } = run;
  return {
    ...computationAsKnown({ specSha256, seeds: [spec.seed], programVersion }),
    testbed: { id: spec.testbedId, name: testbedName, timeScale, ...excludedAmong(excludedNodes ?? []) },
    nodes: nodesSnapshot.map(toNodeEnvironment),
    dataset: { id: spec.datasetId, name: datasetName, sha256: null, promptCount: null },
    policies: spec.trainingId === undefined ? [] : [{ trainingId: spec.trainingId, episodes: null, sha256: null }],
  };
}

/** Of what no testbed takes part in. */
export function computationAsKnown(known: { specSha256: string; seeds: number[]; programVersion: string }): Environment {
  return {
    program: { version: known.programVersion, commit: null, isModified: null, lockfileSha256: null },
    controlCenter: null,
    specSha256: known.specSha256,
    seeds: known.seeds,
    testbed: null,
    nodes: [],
    dataset: null,
    policies: [],
  };
}
