// What the program was built of, put into the bundles by the build (electron.vite.config.ts).

/** All null where it was not built but runs from its sources, as in tests. */
export interface BuildFacts {
  /** Null outside of a git repository. */
  commit: string | null;
  /** Whether files differed from the commit. */
  isModified: boolean | null;
  /** Of package-lock.json. */
  lockfileSha256: string | null;
}

declare const __BUILD_FACTS__: BuildFacts | undefined;

export const BUILD_FACTS: BuildFacts =
  typeof __BUILD_FACTS__ === 'undefined' ? { commit: null, isModified: null, lockfileSha256: null } : __BUILD_FACTS__;
