import { MultiSelect, Select, TextInput } from '@mantine/core';
import type { Project, Tenant } from '../../../../shared/contract/keys.ts';
import { tiers } from '../../../../shared/contract/limits.ts';
import { roleNames, roleSchema, rolePermissions } from '../../../../shared/contract/roles.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import classes from '../access/access.module.css';
import type { KeyForm } from './key-form.ts';
import { permissionWords } from './permission-words.ts';

export interface KeyFieldsProps {
  readonly form: KeyForm;
  /** What is wrong with each field, by its path. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (form: KeyForm) => void;
}

export const NameField = ({ form, fields, onChange }: KeyFieldsProps) => (
  <TextInput
    label="Name"
    description="What it is for; it stands in the request table and in usage"
    placeholder="laptop"
    data-autofocus
    value={form.name}
    error={fields.name}
    onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
  />
);

export const TierField = ({ form, fields, onChange }: KeyFieldsProps) => (
  <Select
    label="Tier"
    description="Who goes first when there is not room for all"
    data={tiers}
    value={form.tier}
    error={fields.tier}
    onChange={(tier) => onChange({ ...form, tier: tier ?? form.tier })}
  />
);

/** Name, and what the key may do: a role, or only some of it. */
export const RoleFields = ({ form, fields, onChange }: KeyFieldsProps) => {
  const role = roleSchema.catch('developer').parse(form.role);
  return (
    <>
      <NameField form={form} fields={fields} onChange={onChange} />
      <div className={classes.two}>
        <Select
          label="Role"
          description="Never wider than your own"
          data={roleNames}
          value={form.role}
          error={fields.role}
          onChange={(next) => onChange({ ...form, role: next ?? form.role, scopes: [] })}
        />
        <TierField form={form} fields={fields} onChange={onChange} />
      </div>
      <MultiSelect
        label="Only these of the role’s permissions"
        placeholder={form.scopes.length === 0 ? 'all of them' : ''}
        data={rolePermissions[role].map((permission) => ({
          value: permission,
          label: permissionWords[permission],
        }))}
        value={[...form.scopes]}
        error={fields.scopes}
        onChange={(scopes) => onChange({ ...form, scopes })}
      />
    </>
  );
};

/** As a choice: one that is suspended cannot be chosen, for no key is made in it. */
const homeChoice = ({ id, name, standing }: Pick<Tenant | Project, 'id' | 'name' | 'standing'>) =>
  standing.type === 'active'
    ? { value: id, label: name }
    : { value: id, label: `${name} (${standing.type})`, disabled: true };

/** The tenant and the project a key belongs to. */
export const HomeFields = ({ form, fields, onChange }: KeyFieldsProps) => {
  const { queries } = useServices();
  const tenants = useQuery(queries.tenants()).data ?? [];
  const projects = useQuery(queries.projects()).data ?? [];
  const ofTenant = (tenantId: string) => projects.filter((project) => project.tenantId === tenantId);
  return (
    <div className={classes.two}>
      <Select
        label="Tenant"
        data={tenants.map(homeChoice)}
        value={form.tenantId}
        error={fields.tenantId}
        onChange={(tenantId) => {
          if (tenantId === null) return;
          const project = ofTenant(tenantId).find(({ standing }) => standing.type === 'active');
          onChange({ ...form, tenantId, projectId: project?.id ?? '' });
        }}
      />
      <Select
        label="Project"
        data={ofTenant(form.tenantId).map(homeChoice)}
        value={form.projectId}
        error={fields.projectId}
        onChange={(projectId) => onChange({ ...form, projectId: projectId ?? form.projectId })}
      />
    </div>
  );
};
