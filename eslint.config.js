import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import typescript from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import { plainWords } from './scripts/lib/words/plain-words-rule.mjs';

/** The type-aware program of each folder; a file outside all of them is an error of the parser, on purpose. */
const typedFolders = [
  { files: ['src/shared/**/*.ts', 'src/random/**/*.ts', 'src/scheduling/**/*.ts'], project: './tsconfig.shared.json' },
  {
    files: [
      'src/main/**/*.ts',
      'src/agent/**/*.ts',
      'src/durable-file/**/*.ts',
      'src/image-header/**/*.ts',
      'src/preload/**/*.ts',
      '*.config.ts',
    ],
    project: './tsconfig.node.json',
  },
  { files: ['src/renderer/**/*.ts'], project: './tsconfig.web.json' },
  { files: ['test/**/*.ts'], project: './tsconfig.test.json' },
];

// A view's script is none of the file that TypeScript finds on the disk, so that each one would have the whole program checked again: a third
// of the linter's time. vue-tsc checks their types; rules that need types hold for all that a view calls.
const typescriptFiles = [...typedFolders.flatMap((folder) => folder.files), 'src/renderer/**/*.vue'];

export default typescript.config(
  {
    ignores: [
      'out/**',
      'dist/**',
      'coverage/**',
      '.cache/**',
      'src/shared/rpc/gen/**',
      'src/scheduling/graph/onnx/gen/**',
      'test/fixtures/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
  },
  { files: ['src/renderer/public/*.js'], languageOptions: { globals: globals.browser } },
  { files: typescriptFiles, extends: [typescript.configs.strictTypeChecked] },
  { files: ['**/*.vue'], extends: [vue.configs['flat/recommended']] },
  ...typedFolders.map(({ files, project }) => ({
    files,
    languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
  })),
  { files: ['**/*.vue'], languageOptions: { parser: vueParser, parserOptions: { parser: typescript.parser } } },
  {
    files: typescriptFiles,
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers in template strings are the usual way of writing units here.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // A non-null assertion after a length check is clearer than a branch that cannot happen; it still asks for a reviewer's eye.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Wire and database values are wider than their types until parsed: defensive checks at borders are not noise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Handlers that a framework awaits are async without awaiting, so that a throw becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      // `void` also marks a result that is dropped on purpose where it happens to have none.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Options objects declare their callbacks as methods and nothing here hands a class's method around unbound.
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Name the export; only .vue files and tool configurations have a default export.',
        },
      ],
    },
  },
  { files: ['*.config.ts', 'vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // Released migrations never change, and the list of the words names them.
    files: ['src/**/*.ts', 'src/**/*.vue', 'test/**/*.ts', 'scripts/**/*.mjs', 'bin/**/*.mjs'],
    ignores: ['src/main/adapters/storage/migrations/0*.ts', 'scripts/lib/words/word-list.mjs'],
    plugins: { local: { rules: { 'plain-words': plainWords } } },
    rules: { 'local/plain-words': 'error' },
  },
  // Tests hand in what users and nodes write, so their texts are free.
  { files: ['test/**/*.ts'], rules: { 'local/plain-words': ['error', { texts: false }] } },
  {
    // The terminal is where the command line, the shells' one line of output, the bench and the scripts write.
    files: ['src/main/cli.ts', 'src/main/shells/cli/**', 'src/main/web.ts', 'scripts/**', 'bin/**', 'test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/renderer/**/*.ts', 'src/renderer/**/*.vue'],
    plugins: { vue },
    languageOptions: { globals: globals.browser },
    rules: {
      // TypeScript resolves names.
      'no-undef': 'off',
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'global', 'require', 'module', '__dirname', '__filename', 'setImmediate'].map((name) => ({
          name,
          message: 'The window has no Node.js.',
        })),
      ],
      // The developer tools are the window's log for internal errors.
      'no-console': ['error', { allow: ['error'] }],
      // Does not see that a destructured prop may be absent.
      '@typescript-eslint/no-useless-default-assignment': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      // The compiler knows which switches are complete.
      'vue/return-in-computed-property': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Stand-ins and matchers hand over loosely typed values.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  { files: ['**/*.vue'], extends: [typescript.configs.disableTypeChecked] },
  prettier,
);
