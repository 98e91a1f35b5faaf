// Passwords in pasted text: they go no further than the parser.
const SETTING = /\b((?:ansible_)?(?:ssh_|become_|sudo_|su_)?pass(?:word|wd|phrase)?)(\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi;
const SSHPASS = /\b(sshpass\s+(?:-\w+\s+)*?-p\s*)(?:"[^"]*"|'[^']*'|\S+)/gi;

export const PASSWORD_LEFT_OUT = 'The password was left out: enter it as a secret.';

export function withoutPasswords(content: string): string {
  return content.replace(SSHPASS, '$1(left out)').replace(SETTING, '$1$2(left out)');
}

export function hasPassword(content: string): boolean {
  return content.search(SSHPASS) >= 0 || content.search(SETTING) >= 0;
}

/** Whether a variable of an inventory holds one. */
export function isPasswordName(name: string): boolean {
  return /pass(?:word|wd|phrase)?$/i.test(name);
}
