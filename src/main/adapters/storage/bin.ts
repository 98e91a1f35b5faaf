// What is in the bin is in no list: a condition for the SELECTs of lists.

/** Of a kind in words of the program; `id` is the column that names the record. */
export function notInBin(kind: string, id: string): string {
  return `${id} NOT IN (SELECT binned.id FROM history_marks binned WHERE binned.kind = ${kind} AND binned.binned_at_ms IS NOT NULL)`;
}
