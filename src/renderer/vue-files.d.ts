// For tools that read .ts files without vue-tsc (the linter): what a .vue file exports. vue-tsc itself reads the real files.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  // eslint-disable-next-line no-restricted-syntax -- .vue files are the one place of default exports
  export default component;
}
