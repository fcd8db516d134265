import { DEFAULT_PROJECT, DEFAULT_TENANT } from '../contract/keys.ts';

/** Where keys belong: a tenant, or with `projectId` one of its projects. */
export interface PlaceId {
  readonly tenantId: string;
  readonly projectId?: string;
}

/** Why a place may never be stopped, and what to do instead. */
export interface PlaceTie {
  /** Behind a colon, without a stop. */
  readonly why: string;
  readonly hint: string;
}

const holdsOwner: PlaceTie = {
  why: "it holds the owner's key, and that would lock the owner out",
  hint: 'Revoke its other keys one by one, or stop the server.',
};
const takesAll: PlaceTie = {
  why: 'keys that name no project belong to it',
  hint: 'Suspend it, or revoke its keys one by one.',
};

/** What keeps a place from being suspended or removed, whoever asks; `undefined` where nothing does. */
export const placeTie = (
  { tenantId, projectId }: PlaceId,
  verb: 'suspended' | 'removed',
): PlaceTie | undefined => {
  if (projectId !== undefined && projectId !== DEFAULT_PROJECT) return undefined;
  if (tenantId === DEFAULT_TENANT) return holdsOwner;
  return projectId !== undefined && verb === 'removed' ? takesAll : undefined;
};
