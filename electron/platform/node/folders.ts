import { isAbsolute, join, resolve } from 'node:path';
import type { Folders, HostFacts } from '../ports.ts';

const dataFolder = (host: HostFacts): string => {
  const own = host.env['DYNO_HOME'];
  if (own !== undefined && own !== '') return isAbsolute(own) ? own : resolve(own);
  switch (host.platform) {
    case 'darwin':
      return join(host.homeFolder, 'Library', 'Application Support', 'Dyno');
    case 'win32':
      return join(host.env['APPDATA'] ?? join(host.homeFolder, 'AppData', 'Roaming'), 'Dyno');
    case 'linux':
    case 'other':
      return join(host.env['XDG_DATA_HOME'] ?? join(host.homeFolder, '.local', 'share'), 'dyno');
  }
};

/** `DYNO_HOME` wins; else the platform's usual place for application data. */
export const findFolders = (host: HostFacts, resources: string): Folders => {
  const data = dataFolder(host);
  return { data, models: join(data, 'models'), resources };
};
