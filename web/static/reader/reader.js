// The part of barcode-detector that the scanner uses. esbuild makes one file of
// it; the WebAssembly beside it comes from this site and no other.

/*! barcode-detector and zxing-wasm: MIT, copyright Ze-Zheng Wu. zxing-cpp: Apache-2.0. */
import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill';

// openReader gives a detector of QR codes whose WebAssembly lies at an address.
export async function openReader(wasm) {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: ['qr_code'] });
}
