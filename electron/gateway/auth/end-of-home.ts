import type { Project, Tenant } from '../../../shared/contract/keys.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

interface Named {
  readonly scope: 'tenant' | 'project';
  readonly name: string;
  readonly standing: Tenant['standing'];
}

const endOf = ({ scope, name, standing }: Named): AppError | undefined => {
  switch (standing.type) {
    case 'active':
      return undefined;
    case 'suspended':
      return new AppError(
        'gateway.tenant-suspended',
        `The ${scope} ${name} is suspended${standing.reason === null ? '' : `: ${standing.reason}`}.`,
        { hint: 'Its keys work again when an administrator resumes it.', details: { scope } },
      );
    case 'removed':
      return new AppError('gateway.invalid-api-key', `The ${scope} ${name} of this API key was removed.`, {
        hint: 'Ask for another key.',
      });
    default:
      return standing satisfies never;
  }
};

/**
 * Why the tenant or the project stops every key it has; `undefined` while neither does. The tenant is told first, and
 * one that is not known stops nothing: a ring of one key has none.
 */
export const endOfHome = (
  tenant: Pick<Tenant, 'name' | 'standing'> | undefined,
  project: Pick<Project, 'name' | 'standing'> | undefined,
): AppError | undefined =>
  (tenant && endOf({ ...tenant, scope: 'tenant' })) ?? (project && endOf({ ...project, scope: 'project' }));
