import { slugSchema } from '../../shared/contract/keys.ts';
import { AppError } from '../../shared/errors/app-error.ts';

export type TenantPlace =
  | { readonly type: 'tenant'; readonly id: string }
  | { readonly type: 'project'; readonly tenantId: string; readonly id: string };

/** `research` is a tenant, `research/chatbot` a project of it. @throws AppError `app.bad-input` */
export const readPlace = (text: string): TenantPlace => {
  const [tenant = '', project, ...more] = text.split('/');
  const isGood =
    more.length === 0 && [tenant, project ?? tenant].every((id) => slugSchema.safeParse(id).success);
  if (!isGood) {
    throw new AppError('app.bad-input', `${text} names no tenant and no project.`, {
      hint: 'Write research for a tenant, research/chatbot for a project; dyno tenants list shows all.',
    });
  }
  return project === undefined
    ? { type: 'tenant', id: tenant }
    : { type: 'project', tenantId: tenant, id: project };
};
