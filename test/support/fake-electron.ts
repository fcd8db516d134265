import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a folder as `ELECTRON_OVERRIDE_DIST_PATH` may name one, whose executable is a shell script. POSIX only. */
export const writeFakeElectron = (folder: string, script: string): string => {
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, 'electron');
  writeFileSync(executable, `#!/bin/sh\n${script}\n`);
  chmodSync(executable, 0o755);
  return folder;
};
