import { IconCheck } from '@tabler/icons-react';
import {
  permissions,
  roleNames,
  rolePermissions,
  type Permission,
  type Role,
} from '../../../../shared/contract/roles.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { FoldPanel } from '../../../ui/fold-panel.tsx';
import { permissionWords } from './permission-words.ts';

const columnOf = (role: Role): Column<Permission> => ({
  id: role,
  title: role,
  render: (permission) =>
    rolePermissions[role].includes(permission) ? (
      <>
        <IconCheck size={15} aria-hidden />
        <span className="spoken-only">yes</span>
      </>
    ) : (
      <span className="spoken-only">no</span>
    ),
});

const columns: readonly Column<Permission>[] = [
  { id: 'words', title: 'May', isRowHeader: true, render: (permission) => permissionWords[permission] },
  ...roleNames.map(columnOf),
  {
    id: 'scope',
    title: 'Scope',
    isSpare: true,
    render: (permission) => <span className="mono">{permission}</span>,
  },
];

/** What each role may do: the table that the host itself decides by. */
export const RolePanel = () => (
  <FoldPanel
    title="Roles"
    note="owner reaches every tenant, the others act within their own: admin manages keys and money, operator runs the machine, developer asks models, viewer looks, auditor reads the books."
  >
    <DataTable
      label="Permissions of each role"
      columns={columns}
      rows={permissions}
      rowKey={(permission) => permission}
    />
  </FoldPanel>
);
