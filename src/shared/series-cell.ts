/** Which cell: indices into the specification's lists, and the repetition from 1 on; 0 is the warm-up. */
export interface SeriesCellKey {
  condition: number;
  scheduler: number;
  repetition: number;
}

/** Of a run that was started by a series. */
export interface RunSeriesCell extends SeriesCellKey {
  seriesId: string;
}
