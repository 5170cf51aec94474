package asn

import "slices"

// The header of the SIASN "data utama" sheet in its order: 67 columns, and the
// two that newer files add.
var siasnColumns = []string{
	"PNS ID", "NIP BARU", "NIP LAMA", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TEMPAT LAHIR ID", "TEMPAT LAHIR NAMA", "TANGGAL LAHIR", "JENIS KELAMIN",
	"AGAMA ID", "AGAMA NAMA", "JENIS KAWIN ID", "JENIS KAWIN NAMA", "NIK", "NOMOR HP", "EMAIL", "EMAIL GOV", "ALAMAT", "NPWP NOMOR",
	"BPJS", "JENIS PEGAWAI ID", "JENIS PEGAWAI NAMA", "KEDUDUKAN HUKUM ID", "KEDUDUKAN HUKUM NAMA", "STATUS CPNS PNS", "KARTU ASN VIRTUAL", "NOMOR SK CPNS", "TANGGAL SK CPNS", "TMT CPNS",
	"NOMOR SK PNS", "TANGGAL SK PNS", "TMT PNS", "GOL AWAL ID", "GOL AWAL NAMA", "GOL AKHIR ID", "GOL AKHIR NAMA", "TMT GOLONGAN", "MK TAHUN", "MK BULAN",
	"JENIS JABATAN ID", "JENIS JABATAN NAMA", "JABATAN ID", "JABATAN NAMA", "TMT JABATAN", "TINGKAT PENDIDIKAN ID", "TINGKAT PENDIDIKAN NAMA", "PENDIDIKAN ID", "PENDIDIKAN NAMA", "TAHUN LULUS",
	"KPKN ID", "KPKN NAMA", "LOKASI KERJA ID", "LOKASI KERJA NAMA", "UNOR ID", "UNOR NAMA", "INSTANSI INDUK ID", "INSTANSI INDUK NAMA", "INSTANSI KERJA ID", "INSTANSI KERJA NAMA",
	"SATUAN KERJA INDUK ID", "SATUAN KERJA INDUK NAMA", "SATUAN KERJA KERJA ID", "SATUAN KERJA KERJA NAMA", "IS VALID NIK", "NAMA SEKOLAH", "FLAG IKD",
	"ESELON ID", "ESELON NAMA",
}

// The header of the SKM sheet as it circulates. Questionnaires also ask the
// last two in the other order, and the example data puts a unit in front.
var skmColumns = []string{
	"RESPONDEN", "TGL", "PERSYARATAN", "SISTEM, MEKANISME, DAN PROSEDUR", "WAKTU PENYELESAIAN", "BIAYA/TARIF", "PRODUK SPESIFIKASI JENIS PELAYANAN",
	"KOMPETENSI PELAKSANA", "PERILAKU PELAKSANA", "PENANGANAN PENGADUAN, SARAN, DAN MASUKAN", "SARANA DAN PRASARANA",
}

// SIASNColumns returns the header of the SIASN "data utama" sheet: 67 names,
// or 69 with the two columns of the echelon that newer files add at the end.
// It is meant for programs that write test files; [ReadSIASN] binds by name.
func SIASNColumns(echelon bool) []string {
	if echelon {
		return slices.Clone(siasnColumns)
	}
	return slices.Clone(siasnColumns[:67])
}

// SKMColumns returns the header of the SKM sheet. [ReadSKM] binds by name.
func SKMColumns() []string { return slices.Clone(skmColumns) }

// RecapColumns returns the header of the recap sheet of an assessment, with the
// nine competencies as the dictionary of 2017 titles them and the optional day
// of assessment at the end. [ReadRecap] binds by name.
func RecapColumns() []string {
	out := []string{"NIP", "Nama", "Jabatan", "Perangkat Daerah"}
	for _, r := range builtIn() {
		for _, row := range r.Rows {
			if row.Rule == ruleCompetency {
				out = append(out, row.Title["id"])
			}
		}
	}
	return append(out, "Total", "JPM", "Tanggal Asesmen")
}
