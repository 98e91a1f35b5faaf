import type { Migration } from '../migration.js';
import { initialMigration } from './0001-initial.js';
import { modelsMigration } from './0002-models.js';
import { nodeSshRoutesMigration } from './0003-node-ssh-routes.js';
import { factsHistoryMigration } from './0004-facts-history.js';
import { trainingsMigration } from './0005-trainings.js';
import { studiesMigration } from './0006-studies.js';
import { wantedStatesMigration } from './0007-wanted-states.js';
import { credentialsMigration } from './0008-credentials.js';
import { calibrationsMigration } from './0009-calibrations.js';
import { runPoliciesMigration } from './0010-run-policies.js';
import { runPausesMigration } from './0011-run-pauses.js';
import { remadeImagesMigration } from './0012-remade-images.js';
import { oneAxisMigration } from './0013-one-axis.js';
import { runFiguresMigration } from './0014-run-figures.js';
import { jobsMigration } from './0015-jobs.js';
import { captionFormatsMigration } from './0016-caption-formats.js';
import { modelsCaredForMigration } from './0017-models-cared-for.js';
import { inputPicturesMigration } from './0018-input-pictures.js';
import { seriesMigration } from './0019-series.js';
import { newestEventsMigration } from './0020-newest-events.js';
import { historyMigration } from './0021-history.js';
import { pricesAndEnergyMigration } from './0022-prices-and-energy.js';
import { reportsMigration } from './0023-reports.js';
import { recordsMigration } from './0024-records.js';
import { pictureSourcesMigration } from './0025-picture-sources.js';
import { notificationsMigration } from './0026-notifications.js';
import { galleryMigration } from './0027-gallery.js';
import { binOfEverythingMigration } from './0028-bin-of-everything.js';
import { onTheJobMigration } from './0029-on-the-job.js';
import { nodeUseMigration } from './0030-node-use.js';
import { plannedStartsMigration } from './0031-planned-starts.js';
import { seriesLearningMigration } from './0032-series-learning.js';
import { runInterruptionsMigration } from './0033-run-interruptions.js';

/** Every migration in its order. */
export const ALL_MIGRATIONS: readonly Migration[] = [
  initialMigration,
  modelsMigration,
  nodeSshRoutesMigration,
  factsHistoryMigration,
  trainingsMigration,
  studiesMigration,
  wantedStatesMigration,
  credentialsMigration,
  calibrationsMigration,
  runPoliciesMigration,
  runPausesMigration,
  remadeImagesMigration,
  oneAxisMigration,
  runFiguresMigration,
  jobsMigration,
  captionFormatsMigration,
  modelsCaredForMigration,
  inputPicturesMigration,
  seriesMigration,
  newestEventsMigration,
  historyMigration,
  pricesAndEnergyMigration,
  reportsMigration,
  recordsMigration,
  pictureSourcesMigration,
  notificationsMigration,
  galleryMigration,
  binOfEverythingMigration,
  onTheJobMigration,
  nodeUseMigration,
  plannedStartsMigration,
  seriesLearningMigration,
  runInterruptionsMigration,
];
