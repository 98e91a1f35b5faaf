import { type DataCheckReport, assessDataCheck } from './data-care.js';
import { formatBytes } from './format.js';

/** A check's result in a sentence or two. */
export function describeDataCheck(report: DataCheckReport): string {
  const { integrity, foreignKeys, images, pictures, tasksWithoutImage } = report;
  const looked = `${images.checked} images (${formatBytes(images.checkedBytes)})${pictures.checked > 0 ? `, ${pictures.checked} input pictures (${formatBytes(pictures.checkedBytes)})` : ''} and the database (${formatBytes(report.databaseBytes)})`;
  if (assessDataCheck(report) === 'sound') return `Everything is sound: ${looked}.`;
  const found = [
    ...(integrity.count > 0 ? [`the database is damaged (${integrity.examples[0] ?? ''})`] : []),
    ...(foreignKeys.count > 0 ? [`${foreignKeys.count} rows name others that are not there`] : []),
    ...(images.missing > 0 ? [`${images.missing} images are missing`] : []),
    ...(images.damaged > 0 ? [`${images.damaged} images are damaged`] : []),
    ...(pictures.missing > 0 ? [`${pictures.missing} input pictures are missing`] : []),
    ...(pictures.damaged > 0 ? [`${pictures.damaged} input pictures are damaged`] : []),
    ...(tasksWithoutImage.count > 0 ? [`${tasksWithoutImage.count} succeeded tasks have no image on record`] : []),
  ];
  return `Of ${looked}: ${found.join(', ')}.`;
}
