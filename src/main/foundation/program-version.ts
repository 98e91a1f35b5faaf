import manifest from '../../../package.json' with { type: 'json' };

/** The version of this program, as in package.json; stored with every run. */
export const PROGRAM_VERSION: string = manifest.version;
