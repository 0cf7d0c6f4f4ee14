import { describe, expect, it } from 'vitest'
import { readZip, writeZip } from './zip-file'

describe('zip files', () => {
  it('come back as they were written', () => {
    const entries = [
      { name: 'src/', data: new Uint8Array(), mode: 0o755 },
      { name: 'src/é.txt', data: new TextEncoder().encode('text '.repeat(500)), mode: 0o644 },
      { name: 'run', data: Uint8Array.from([0, 255, 1]), mode: 0o750 },
    ]
    const archive = writeZip(entries)
    expect(archive.byteLength).toBeLessThan(1000)
    expect(readZip(archive)).toEqual(entries)
  })

  it('made elsewhere tell of no modes', () => {
    const archive = writeZip([{ name: 'run', data: new Uint8Array([1]), mode: 0o755 }])
    const central = archive.findIndex((_, at) => archive[at] === 0x50 && archive[at + 2] === 1 && archive[at + 3] === 2)
    const dos = 0
    archive[central + 5] = dos
    expect(readZip(archive)?.map(({ mode }) => mode)).toEqual([null])
  })

  it('are refused when they are none', () => {
    expect(readZip(new Uint8Array(100))).toBeNull()
    expect(readZip(new Uint8Array())).toBeNull()
  })
})
