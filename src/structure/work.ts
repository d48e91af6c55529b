/** Long work in pieces: see base. */
export { type DriveOptions, drive, finish, pieces, rising, type Work, within } from '../base/work.ts'
