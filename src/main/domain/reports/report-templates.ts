// What the templates put into a report. Pure.
import { REPORT_PARTS, type ReportSource, type ReportSubject } from '../../../shared/report-composition.js';

/** The blocks of a template in their order: every part that its subject has. */
export function sourcesOf(subject: ReportSubject): ReportSource[] {
  if (subject.template === 'table-v') {
    const { comparison } = subject;
    return Object.keys(REPORT_PARTS['table-v']).map((part) => ({ kind: 'table-v', part, comparison }) as ReportSource);
  }
  const { template: kind, id } = subject;
  return Object.keys(REPORT_PARTS[kind]).map((part) => ({ kind, id, part }) as ReportSource);
}
