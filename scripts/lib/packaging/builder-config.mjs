// What electron-builder is told. The archive app.asar gets the window and what opens it, which macOS and Windows check at each start;
// beside it, in app.asar.unpacked, stand the core and its child programs as plain files: no process starts from inside an archive.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fromProject } from '../paths.mjs';

/** The configuration as an object. `documents` are paths of files for the package's resources, by their name there. */
export function makeBuilderConfig({ outDir, electron, fuses, shipped, coreDir, documents }) {
  return {
    appId: 'org.dedgeai.control-center',
    productName: 'DEdgeAI Control Center',
    copyright: 'Copyright (c) 2026 DEdgeAI Control Center contributors',
    directories: { output: outDir, buildResources: 'resources/icons' },
    artifactName: '${name}-${version}-${os}-${arch}.${ext}',
    electronDist: electron.dir,
    electronVersion: electron.version,
    electronFuses: fuses,
    // Every native module is N-API and prebuilt inside its package.
    npmRebuild: false,
    nodeGypRebuild: false,
    publish: null,

    asar: true,
    files: [
      'package.json',
      'out/preload/index.cjs',
      'out/renderer/**',
      ...shipped.windowFiles,
      '!**/*.map',
      '!**/bundled-packages.json',
      ...unshippedPackages(shipped.packages),
      ...needlessFiles(),
    ],
    asarUnpack: ['node_modules/**'],
    extraResources: [
      { from: coreDir, to: 'app.asar.unpacked' },
      ...Object.entries(documents).map(([name, path]) => ({ from: path, to: name })),
    ],

    linux: { target: ['AppImage'], category: 'Science', icon: 'icon.png', synopsis: 'Run and compare image generation on edge testbeds' },
    // The older toolset starts every AppImage without Chromium's sandbox.
    toolsets: { appimage: '1.0.3' },
    mac: { target: ['dmg'], category: 'public.app-category.developer-tools', icon: 'icon.png', hardenedRuntime: true },
    win: { target: ['nsis'], icon: 'icon.png' },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  };
}

/** Packages that electron-builder would take because package.json names them, but which are in a bundle or never loaded. */
function unshippedPackages(shipped) {
  const { packages } = JSON.parse(readFileSync(fromProject('package-lock.json'), 'utf8'));
  const folders = new Set(shipped.map(({ folder }) => folder));
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev && !folders.has(folder) && existsSync(fromProject(folder)))
    .flatMap(([folder]) => {
      // electron-builder lifts a package out of the one that it lies in, where no other version is in the way.
      const lifted = `node_modules/${folder.split('node_modules/').at(-1)}`;
      return folders.has(lifted) ? [folder] : [...new Set([folder, lifted])];
    })
    .map((folder) => `!${folder}/**`);
}

/** Files of shipped packages that nothing loads: sources, documents, and natives of other systems. */
function needlessFiles() {
  const others = (folder, own) =>
    existsSync(fromProject(folder))
      ? readdirSync(fromProject(folder))
          .filter((name) => name !== own)
          .map((name) => `!${folder}/${name}{,/**}`)
      : [];
  const onnxruntime = 'node_modules/onnxruntime-node/bin/napi-v6';
  return [
    '!node_modules/**/{test,tests,__tests__,docs,example,examples,benchmark}/**',
    '!node_modules/**/*.{md,ts,mts,cts,flow}',
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/{zod,reflect-metadata}/src/**',
    '!node_modules/onnxruntime-node/{lib,script}/**',
    ...others('node_modules/better-sqlite3/prebuilds', `${process.platform}-${process.arch}.node`),
    ...others(onnxruntime, process.platform),
    ...others(`${onnxruntime}/${process.platform}`, process.arch),
  ];
}
