import type { LabTabProps } from '../lab-tab-props.ts';
import { LoadView } from './load-view.tsx';
import { NewLoad } from './new-load.tsx';

/** What users of a server get, under any shape of load. */
export const LoadTab = ({ itemId }: LabTabProps) =>
  itemId === null ? <NewLoad /> : <LoadView key={itemId} loadId={itemId} />;
