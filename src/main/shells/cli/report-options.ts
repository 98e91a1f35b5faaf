// What a report of a template is about, as options of a command.
import { type Command, Option } from 'commander';
import { REPORT_TEMPLATES, type ReportTemplate } from '../../../shared/report-document.js';
import { whole } from './parse-arguments.js';

/** `--template` with what it is about. */
export function withSubjectOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--template <template>', 'which report')
        .choices(REPORT_TEMPLATES.map(({ name }) => name))
        .default('run' satisfies ReportTemplate),
    )
    .option('--run <id...>', 'the run; with table-v, only these runs')
    .option('--series <series>', 'the series, by name or id; with table-v: its schedulers as rows, with intervals')
    .option('--training <id>', 'the training')
    .option('--study <id>', 'the run of a study')
    .option('--concurrency <count>', 'with table-v: requests a cloud platform serves at once (the paper assumes 1)', whole, 1)
    .option('--include-invalid', 'with table-v: runs that are stamped invalid too', false);
}
