// What runs in the simulator: trainings and studies, which share the cores of this machine.
import { join } from 'node:path';
import { nodesInUse } from '../../shared/node-use.js';
import { timingOf } from '../../shared/testbed.js';
import { newId } from '../foundation/new-id.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import { StudyService } from '../domain/simulation/studies/study-service.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import { makeDigitalTwin } from '../domain/simulation/training/digital-twin.js';
import { PolicyEvaluations } from '../domain/simulation/training/policy-evaluations.js';
import { ProcessSlots } from '../domain/simulation/training/process-slots.js';
import { TrainingService } from '../domain/simulation/training/training-service.js';
import { evaluatorRunner } from '../programs/evaluator/evaluator-process.js';
import { trainerStarter } from '../programs/trainer/trainer-process.js';
import type { CompositionContext } from './context.js';
import { composeRecordKeeper } from './record-keeper.js';

export interface SimulationServices {
  trainings: TrainingService;
  studies: StudyService;
}

export function composeSimulation(
  { dataDir, paths, storage, jobs, recordEvent, log }: CompositionContext,
  { testbeds }: { testbeds: TestbedService },
): SimulationServices {
  // Trainings come first where both wait: a person looks at them.
  const slots = new ProcessSlots();
  const keeper = composeRecordKeeper({ storage });
  const startTrainer = trainerStarter(paths.trainerPath, log);
  const trainings = new TrainingService({
    trainings: storage.trainings,
    makeTwin: (input) => {
      const testbed = testbeds.get(input.testbedId);
      return makeDigitalTwin(
        testbed,
        nodesInUse(testbed).map((node) => ({ name: node.name, ...timingOf(node) })),
        input,
      );
    },
    folder: join(dataDir, 'training'),
    startTrainer,
    evaluations: new PolicyEvaluations(evaluatorRunner(paths.evaluatorPath, log)),
    jobs,
    programVersion: PROGRAM_VERSION,
    isDeployed: (id) => storage.learning.isDeployed(id),
    keepEnvironment: (id, spec) => keeper.keepTraining(id, spec),
    newId,
    recordEvent,
    slots,
  });
  const studies = new StudyService({
    studies: storage.studies,
    definitionsFolder: join(paths.resourcesDir, 'studies'),
    programDir: paths.programDir,
    folder: join(dataDir, 'studies'),
    startTrainer,
    slots,
    jobs,
    programVersion: PROGRAM_VERSION,
    keepEnvironment: (id, grid) => keeper.keepStudy(id, grid),
    newId,
    recordEvent,
    log,
  });
  return { trainings, studies };
}
