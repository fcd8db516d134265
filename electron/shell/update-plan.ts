/** What is known of this copy of Dyno. */
interface Package {
  /** Where releases are published; empty while there is no such place. */
  readonly releasePlace: string;
  readonly isPackaged: boolean;
  readonly platform: string;
  readonly arch: string;
  readonly version: string;
}

export type UpdatePlan =
  { readonly type: 'off'; readonly reason: string } | { readonly type: 'on'; readonly feedUrl: string };

/** Whether to look for newer releases, and where: only in a package of a system whose updater Electron brings. */
export const updatePlan = ({ releasePlace, isPackaged, platform, arch, version }: Package): UpdatePlan => {
  if (releasePlace === '') return { type: 'off', reason: 'no release place is set' };
  if (!isPackaged) return { type: 'off', reason: 'this copy runs from its sources' };
  if (platform === 'linux') return { type: 'off', reason: 'Electron has no updater for Linux packages' };
  return { type: 'on', feedUrl: `${releasePlace.replace(/\/+$/, '')}/${platform}/${arch}/${version}` };
};
