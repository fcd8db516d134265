import type { StoredKey } from '../../../shared/contract/keys.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { endOfHome } from '../../gateway/index.ts';
import type { AccessStore } from '../../platform/stores.ts';

/**
 * May a key be made there?
 * @throws AppError `app.not-found` for a tenant or a project that never was or was removed, `gateway.tenant-suspended`
 */
export const checkHome = (
  store: Pick<AccessStore, 'tenants' | 'projects'>,
  { tenantId, projectId }: Pick<StoredKey, 'tenantId' | 'projectId'>,
): void => {
  const isThere = ({ standing }: { readonly standing: { readonly type: string } }): boolean =>
    standing.type !== 'removed';
  const tenant = store.tenants().find(({ id }) => id === tenantId);
  if (tenant === undefined || !isThere(tenant)) {
    throw new AppError('app.not-found', `There is no tenant ${tenantId}.`, {
      hint: tenant === undefined ? `dyno tenants create ${tenantId}` : 'It was removed; choose another.',
    });
  }
  const project = store.projects().find((each) => each.tenantId === tenantId && each.id === projectId);
  if (project === undefined || !isThere(project)) {
    throw new AppError('app.not-found', `There is no project ${projectId} in ${tenantId}.`, {
      hint:
        project === undefined
          ? `dyno tenants add-project ${tenantId} ${projectId}`
          : 'It was removed; choose another.',
    });
  }
  const end = endOfHome(tenant, project);
  if (end !== undefined) throw end;
};
