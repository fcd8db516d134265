import { Button } from '@mantine/core';
import type { Project, Tenant } from '../../../../shared/contract/keys.ts';
import type { Standing } from '../../../../shared/contract/standing.ts';
import { formatAgo, formatCount } from '../../../../shared/units/format.ts';
import { limitsText } from '../../../../shared/units/limits-text.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { BarredButton } from '../../../ui/barred-button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from '../access/access.module.css';
import { isGood } from '../keys/key-state-text.ts';
import { standingOf, standingText, whyNot, type Place } from './place.ts';

/** Stops, lets go on, or removes. */
const PlaceButton = ({ place, name }: { readonly place: Place; readonly name: string }) => {
  const { dialogs } = useServices();
  const isSuspended = standingOf(place).type === 'suspended';
  const label = isSuspended ? 'Resume…' : 'Suspend…';
  const barred = isSuspended ? undefined : whyNot(place, 'suspended');
  if (barred !== undefined)
    return (
      <BarredButton reason={barred} label={`${label} ${name}`}>
        {label}
      </BarredButton>
    );
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={() => dialogs.open({ type: 'place', place })}
      aria-label={`${label} ${name}`}
    >
      {label}
    </Button>
  );
};

/** Why its keys are stopped, where they are. */
const StandingNote = ({ standing }: { readonly standing: Standing }) => {
  const nowMs = useNow(60_000);
  return standing.type === 'active' ? null : (
    <p className={classes.state} data-tone="bad">
      {standingText(standing, nowMs)}
    </p>
  );
};

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
      <PlaceButton place={{ type: 'tenant', tenant }} name={tenant.name} />
    </span>
  );
};

interface ProjectListProps {
  readonly tenant: Tenant;
  readonly projects: readonly Project[];
}

const ProjectList = ({ tenant, projects }: ProjectListProps) => {
  const { dialogs } = useServices();
  return projects.map((project) => (
    <div key={project.id}>
      {project.name} <span className={`mono ${classes.sub}`}>{project.id}</span>{' '}
      <span className={classes.acts}>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => dialogs.open({ type: 'edit-project', tenant, project })}
          aria-label={`Rename ${project.name} of ${tenant.name}`}
        >
          Rename
        </Button>
        <PlaceButton place={{ type: 'project', project }} name={`${project.name} of ${tenant.name}`} />
      </span>
      <StandingNote standing={project.standing} />
    </div>
  ));
};

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
      render: ({ id, name, standing }) => (
        <>
          {name} <span className={`mono ${classes.sub}`}>{id}</span>
          <StandingNote standing={standing} />
        </>
      ),
      sortBy: ({ name }) => name,
    },
    {
      id: 'projects',
      title: 'Projects',
      render: (tenant) =>
        projects === undefined ? (
          <Unknown reason="being read" />
        ) : (
          <ProjectList tenant={tenant} projects={projects.filter(({ tenantId }) => tenantId === tenant.id)} />
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
