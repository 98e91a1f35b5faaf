// The rule `local/plain-words` of ESLint: names, strings, templates and the window's markup are held to the word list. Options: `texts: false`
// looks at names only.
import { describeWord, findWordsInName, findWordsInText } from './find-words.mjs';

export const plainWords = {
  meta: {
    type: 'suggestion',
    messages: { word: '{{message}}' },
    schema: [{ type: 'object', properties: { texts: { type: 'boolean' } }, additionalProperties: false }],
  },
  create(context) {
    const { texts = true } = context.options[0] ?? {};
    const report = (node, word, instead) => context.report({ node, messageId: 'word', data: { message: describeWord(word, instead) } });
    const checkText = (node, text) => {
      for (const { phrase, instead } of findWordsInText(text)) report(node, phrase, instead);
    };
    const checkName = (node) => {
      for (const [word, instead] of findWordsInName(node.name)) report(node, word, instead);
    };
    const code = {
      Identifier: checkName,
      PrivateIdentifier: checkName,
      ...(texts && {
        // A string without a blank is a name: a state, a path, a word of a protocol.
        Literal: (node) => typeof node.value === 'string' && /\s/.test(node.value.trim()) && checkText(node, node.value),
        TemplateElement: (node) => checkText(node, node.value.cooked ?? ''),
      }),
    };
    const markup = {
      ...code,
      ...(texts && {
        VText: (node) => checkText(node, node.value),
        VLiteral: (node) => checkText(node, node.value),
      }),
    };
    return context.sourceCode.parserServices.defineTemplateBodyVisitor?.(markup, code) ?? code;
  },
};
