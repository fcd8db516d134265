import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import type { DoctorEvidence } from './evidence.ts';
import { check, gibibytes } from './check.ts';

const NEEDED_NODE_MAJOR = 24;
const LOW_DISK_BYTES = 10 * 2 ** 30;
const NO_DISK_BYTES = 2 ** 30;

const checkNode = ({ nodeVersion, electronVersion }: DoctorEvidence): DoctorCheck => {
  const found = `Node.js ${nodeVersion}${electronVersion === undefined ? '' : ` in Electron ${electronVersion}`}`;
  const isNew = Number(nodeVersion.split('.')[0]) >= NEEDED_NODE_MAJOR;
  return check(
    ['node', 'Node.js'],
    isNew ? 'ok' : 'problem',
    found,
    isNew ? null : `Run \`npm ci\` in Dyno's folder: it installs Node.js ${NEEDED_NODE_MAJOR} beside Dyno.`,
  );
};

const checkDataFolder = ({ extra, dataFolderProblem }: DoctorEvidence): DoctorCheck =>
  dataFolderProblem === null
    ? check(['data-folder', 'Data folder'], 'ok', `${extra.dataFolder} can be written`)
    : check(
        ['data-folder', 'Data folder'],
        'problem',
        dataFolderProblem,
        'Make the folder writable for this user, or set DYNO_HOME to another folder.',
      );

const checkDisk = ({ freeDiskBytes, extra }: DoctorEvidence): DoctorCheck => {
  const title = ['disk', 'Disk space'] as const;
  if (freeDiskBytes === null) return check(title, 'note', 'The free space of the data folder is unknown');
  const found = `${gibibytes(freeDiskBytes)} free for ${extra.dataFolder}`;
  if (freeDiskBytes >= LOW_DISK_BYTES) return check(title, 'ok', found);
  return check(
    title,
    freeDiskBytes < NO_DISK_BYTES ? 'problem' : 'warning',
    found,
    'Remove models that are no longer needed, or set DYNO_HOME to a folder on a bigger disk: a quantized 8B model takes about 5 GiB.',
  );
};

const checkElectron = ({ extra }: DoctorEvidence): DoctorCheck =>
  extra.electronPath === null
    ? check(
        ['electron', 'Desktop window'],
        'note',
        "Electron's program file is not installed; Dyno runs in a browser instead",
        'Run `npm start` once with a network: it fetches the program file.',
      )
    : check(['electron', 'Desktop window'], 'ok', extra.electronPath);

const checkBrowser = ({ extra }: DoctorEvidence): DoctorCheck =>
  extra.browserPath === null
    ? check(
        ['browser', 'Browser'],
        'note',
        'No browser was found on this computer',
        'Open the address that `npm start` prints in a browser of another computer (through an SSH tunnel), or install Chromium, Chrome, Edge or Firefox.',
      )
    : check(['browser', 'Browser'], 'ok', extra.browserPath);

/** What Dyno itself needs to run. */
export const programChecks = (evidence: DoctorEvidence): readonly DoctorCheck[] => [
  checkNode(evidence),
  checkDataFolder(evidence),
  checkDisk(evidence),
  checkElectron(evidence),
  checkBrowser(evidence),
];
