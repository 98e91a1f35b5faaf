// A unit file from its template; pure.
import { AppError } from '../../../../../shared/errors.js';

/**
 * `template` has `@NAME@` where a value goes, in a command or a path. systemd reads `%` as a specifier, so it is doubled; a value with a
 * character that would split, end or change a word is refused (`unsupported`).
 */
export function renderUnit(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The unit template asks for ${name}, which no one gives`);
    if (value === '' || /[\s"'\\;$]|\p{C}/u.test(value)) {
      throw new AppError('unsupported', `A systemd unit can't name ${JSON.stringify(value.slice(0, 200))}.`, 'Choose the supervised way.');
    }
    return value.replaceAll('%', '%%');
  });
}
