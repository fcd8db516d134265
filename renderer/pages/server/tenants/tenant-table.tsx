import { Button } from '@mantine/core';
import type { Project, Tenant } from '../../../../shared/contract/keys.ts';
import { formatAgo, formatCount } from '../../../../shared/units/format.ts';
import { limitsText } from '../../../../shared/units/limits-text.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from '../access/access.module.css';
import { isGood } from '../keys/key-state-text.ts';

const Acts = ({ tenant }: { readonly tenant: Tenant }) => {
  const { dialogs } = useServices();
  return (
    <span className={classes.acts}>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => dialogs.open({ type: 'new-project', tenant })}
        aria-label={`New project in ${tenant.name}`}
      >
        New project
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => dialogs.open({ type: 'edit-tenant', tenant })}
        aria-label={`Edit ${tenant.name}`}
      >
        Edit
      </Button>
    </span>
  );
};

const ProjectList = ({ projects }: { readonly projects: readonly Project[] }) =>
  projects.map(({ id, name }) => (
    <div key={id}>
      {name} <span className={`mono ${classes.sub}`}>{id}</span>
    </div>
  ));

/** Every tenant with its projects and how many of its keys open the door. */
export const TenantTable = ({ tenants }: { readonly tenants: readonly Tenant[] }) => {
  const { queries } = useServices();
  const projects = useQuery(queries.projects()).data;
  const keys = useQuery(queries.keys()).data;
  const nowMs = useNow(60_000);
  const columns: readonly Column<Tenant>[] = [
    {
      id: 'name',
      title: 'Tenant',
      isRowHeader: true,
      render: ({ id, name }) => (
        <>
          {name} <span className={`mono ${classes.sub}`}>{id}</span>
        </>
      ),
      sortBy: ({ name }) => name,
    },
    {
      id: 'projects',
      title: 'Projects',
      render: ({ id }) =>
        projects === undefined ? (
          <Unknown reason="being read" />
        ) : (
          <ProjectList projects={projects.filter(({ tenantId }) => tenantId === id)} />
        ),
    },
    {
      id: 'keys',
      title: 'Keys',
      isNumeric: true,
      render: ({ id }) =>
        keys === undefined ? (
          <Unknown reason="being read" />
        ) : (
          formatCount(keys.filter((key) => key.tenantId === id && isGood(key)).length)
        ),
    },
    { id: 'limits', title: 'Limits of all its keys together', render: ({ limits }) => limitsText(limits) },
    {
      id: 'made',
      title: 'Made',
      isSpare: true,
      render: ({ createdAtMs }) => formatAgo(createdAtMs, nowMs),
      sortBy: ({ createdAtMs }) => -createdAtMs,
    },
    { id: 'acts', title: '', render: (tenant) => <Acts tenant={tenant} /> },
  ];
  return <DataTable label="Tenants" columns={columns} rows={tenants} rowKey={({ id }) => id} />;
};
