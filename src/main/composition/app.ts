import type { AppInfo } from '../../shared/api/app-info.js';
import { AppServiceImpl } from '../app/app-service.js';
import { GoingOn, type BusyServices } from '../app/going-on.js';
import { PROGRAM_VERSION } from '../program-version.js';
import { loadProgramKey } from '../secrets/program-key.js';
import type { Ground } from './ground.js';

/** What the program knows about itself in this shell. */
export function composeApp(
  { dataDir, paths, storage, secretFiles }: Ground,
  { shell, busy }: { shell: AppInfo['shell']; busy: BusyServices },
): AppServiceImpl {
  return new AppServiceImpl({
    info: {
      version: PROGRAM_VERSION,
      shell,
      dataDir,
      platform: `${process.platform} ${process.arch}`,
      nodeVersion: process.version,
      // Asked for late: the key is made on first need, not by every command that opens the data.
      get sshPublicKeyLine() {
        return loadProgramKey(secretFiles).publicKeyLine;
      },
    },
    doctor: {
      dataDir,
      programDir: paths.programDir,
      agentBundlePath: paths.agentBundlePath,
      rendererDir: paths.rendererDir,
      readDatabase: () => `${storage.testbeds.listTestbeds().length} testbeds, ${storage.runs.listRuns().length} runs`,
    },
    goingOn: new GoingOn(busy),
    eventPage: (input) => storage.events.page(input),
  });
}
