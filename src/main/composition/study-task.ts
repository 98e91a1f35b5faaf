import { runStudyTask, type StudyTask, type StudyTaskOutcome } from '../domain/simulation/studies/cluster/run-study-task.js';
import { findProgramPaths } from '../foundation/program-paths.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import { trainerStarter } from '../programs/trainer/trainer-process.js';

/** Runs one cell of an exported study, without a data folder. Throws as `runStudyTask`. */
export function runExportedTask(task: Omit<StudyTask, 'startTrainer' | 'programVersion'>): Promise<StudyTaskOutcome> {
  return runStudyTask({ ...task, startTrainer: trainerStarter(findProgramPaths().trainerPath), programVersion: PROGRAM_VERSION });
}
