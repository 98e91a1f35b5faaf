// What the digital twin of the testbed said of a run, beside what was measured; as simulated as it is.
import {
  describeReplay,
  describeTaskError,
  PREDICTION_COLUMNS,
  predictionRow,
  REPLAY_COLUMNS,
  replayRows,
} from '../../../../shared/describe-twin.js';
import { textCell, type ReportBlock } from '../../../../shared/report-document.js';
import type { RunPrediction, RunReplay } from '../../../../shared/twin.js';

/** Nothing where the run could not be simulated. */
export function predictionBlocks(prediction: RunPrediction | undefined): ReportBlock[] {
  if (!prediction) return [];
  const sentence = describeTaskError(prediction);
  return [
    { kind: 'heading', text: 'Prediction of the digital twin' },
    {
      kind: 'table',
      caption: 'The run’s own tasks, nodes as on record and scheduler, simulated once more.',
      columns: PREDICTION_COLUMNS.map((title) => ({ title, align: 'left' as const })),
      rows: prediction.figures.map((figure) => {
        const [name = '', predicted = '', ...measured] = predictionRow(figure);
        return [textCell(name), textCell(predicted, ['simulated']), ...measured.map((text) => textCell(text))];
      }),
    },
    { kind: 'notes', items: [...(sentence === null ? [] : [sentence]), ...prediction.notes] },
    ...replayBlocks(prediction.replay),
  ];
}

function replayBlocks(replay: RunReplay | null): ReportBlock[] {
  if (replay === null) return [];
  return [
    {
      kind: 'table',
      caption: 'Error of the digital twin with the placements as recorded.',
      columns: REPLAY_COLUMNS.map((title, index) => ({ title, align: index === 0 ? ('left' as const) : ('right' as const) })),
      rows: replayRows(replay).map((cells) => cells.map((text) => textCell(text))),
    },
    { kind: 'notes', items: describeReplay(replay) },
  ];
}
