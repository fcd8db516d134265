import { ActionIcon, Tooltip } from '@mantine/core';
import { IconBan, IconPencil, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiKey } from '../../../../shared/contract/keys.ts';
import { formatAgo, formatCounted } from '../../../../shared/units/format.ts';
import { limitsText } from '../../../../shared/units/limits-text.ts';
import type { Dialog } from '../../../live/dialogs.ts';
import { useNow } from '../../../live/use-now.ts';
import { useServices } from '../../../services-context.ts';
import { barredProps } from '../../../ui/barred-props.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from '../access/access.module.css';
import { hasEnded, isGood, keyStateText } from './key-state-text.ts';
import { permissionWords } from './permission-words.ts';

interface ActProps {
  readonly label: string;
  readonly dialog: Dialog;
  readonly icon: ReactNode;
  /** Why the host would refuse it now; then it does nothing. */
  readonly barred?: string | undefined;
}

const Act = ({ label, dialog, icon, barred }: ActProps) => {
  const { dialogs } = useServices();
  return (
    <Tooltip label={barred === undefined ? label : `${label}: ${barred}`}>
      <ActionIcon
        size="sm"
        aria-label={label}
        {...(barred === undefined ? { onClick: () => dialogs.open(dialog) } : barredProps(barred))}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
};

/** One that is over is only shown; one whose tenant is suspended may be changed and ended, for it comes back as it was. */
const Acts = ({ apiKey }: { readonly apiKey: ApiKey }) =>
  hasEnded(apiKey) ? null : (
    <span className={classes.acts}>
      <Act
        label={`Edit ${apiKey.name}`}
        dialog={{ type: 'edit-key', key: apiKey }}
        icon={<IconPencil size={14} aria-hidden />}
      />
      {apiKey.successorId === null ? (
        <Act
          label={`Rotate ${apiKey.name}`}
          dialog={{ type: 'rotate-key', key: apiKey }}
          icon={<IconRefresh size={14} aria-hidden />}
          barred={
            isGood(apiKey) ? undefined : 'no key is made while its tenant or project is suspended; resume it'
          }
        />
      ) : null}
      {apiKey.isHostKey ? null : ( // renewed on the Overview: without it the owner would be locked out
        <Act
          label={`Revoke ${apiKey.name}`}
          dialog={{ type: 'revoke-key', key: apiKey }}
          icon={<IconBan size={14} aria-hidden />}
        />
      )}
    </span>
  );

const RoleText = ({ apiKey: { role, scopes } }: { readonly apiKey: ApiKey }) =>
  scopes === null ? (
    role
  ) : (
    <Explained reason={`only: ${scopes.map((scope) => permissionWords[scope]).join('; ')}`}>
      {role}, {formatCounted(scopes.length, 'scope')}
    </Explained>
  );

const LimitsText = ({ apiKey: { limits, modelLimits } }: { readonly apiKey: ApiKey }) => {
  const perModel = Object.entries(modelLimits);
  return (
    <>
      {limitsText(limits)}
      {perModel.map(([model, ofModel]) => (
        <div key={model} className={classes.sub}>
          {model}: {limitsText(ofModel)}
        </div>
      ))}
    </>
  );
};

const columnsAt = (nowMs: number): readonly Column<ApiKey>[] => [
  {
    id: 'name',
    title: 'Name',
    isRowHeader: true,
    render: ({ name, id, lastFour }) => (
      <>
        {name}
        <div className={classes.sub}>
          <span className="mono">
            {id} …{lastFour}
          </span>{' '}
          <CopyButton text={id} what={`id of ${name}`} />
        </div>
      </>
    ),
    sortBy: ({ name }) => name,
  },
  {
    id: 'state',
    title: 'State',
    render: (apiKey) => {
      const { text, tone } = keyStateText(apiKey, nowMs);
      return (
        <span className={classes.state} data-tone={tone}>
          {text}
        </span>
      );
    },
    sortBy: ({ state }) => state,
  },
  {
    id: 'role',
    title: 'Role',
    render: (apiKey) => <RoleText apiKey={apiKey} />,
    sortBy: ({ role }) => role,
  },
  {
    id: 'home',
    title: 'Tenant / project',
    render: ({ tenantId, projectId }) => `${tenantId} / ${projectId}`,
    sortBy: ({ tenantId, projectId }) => `${tenantId}/${projectId}`,
  },
  { id: 'tier', title: 'Tier', isSpare: true, render: ({ tier }) => tier, sortBy: ({ tier }) => tier },
  { id: 'models', title: 'Models', render: ({ models }) => models?.join(', ') ?? 'all' },
  { id: 'limits', title: 'Limits', render: (apiKey) => <LimitsText apiKey={apiKey} /> },
  {
    id: 'used',
    title: 'Last used',
    render: ({ lastUsedAtMs }) =>
      lastUsedAtMs === null ? <Unknown reason="never used yet" /> : formatAgo(lastUsedAtMs, nowMs),
    sortBy: ({ lastUsedAtMs }) => (lastUsedAtMs === null ? null : -lastUsedAtMs),
  },
  { id: 'acts', title: '', render: (apiKey) => <Acts apiKey={apiKey} /> },
];

/** Every key but its secret, newest first; those that no longer open the door are dimmed. */
export const KeyTable = ({ keys }: { readonly keys: readonly ApiKey[] }) => {
  const nowMs = useNow(5_000);
  return (
    <DataTable
      label="Keys"
      columns={columnsAt(nowMs)}
      rows={keys}
      rowKey={({ id }) => id}
      rowMark={(apiKey) => (isGood(apiKey) ? undefined : 'dominated')}
    />
  );
};
