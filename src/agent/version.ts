/** Set by the bundler from package.json; absent when the agent runs from source, as in tests. */
declare const DEFINED_AGENT_VERSION: string | undefined;

export const AGENT_VERSION = typeof DEFINED_AGENT_VERSION === 'string' ? DEFINED_AGENT_VERSION : '0.0.0-source';
