// Arguments that several commands of the history take.

export const RECORDS = ['<records...>', 'names or ids of runs, series, trainings, studies, provisionings or calibrations'] as const;
export const QUERY = ['[query...]', 'words, "a phrase", key:value, -not; in quotes for the shell'] as const;
