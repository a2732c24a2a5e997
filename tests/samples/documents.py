"""Files of the formats that are XML, and of AliveCor, made from templates."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from ecgview.leads import LEADS
from samples.ecg import FIRST_NAME, FS_HZ, IDENTIFIER, LAST_NAME, Ecg
from samples.signal_files import EIGHT_LEADS


def _numbers(samples: Iterable[int], separator: str = " ") -> str:
    return separator.join(str(int(sample)) for sample in samples)


def _base64(samples: np.ndarray) -> str:
    return base64.b64encode(samples.astype("<i2").tobytes()).decode()


def aecg(folder: Path, ecg: Ecg) -> Path:
    sequences = "".join(
        f"""<component><sequence><code code="MDC_ECG_LEAD_{lead}"
        codeSystem="2.16.840.1.113883.6.24"/>
        <value xsi:type="SLIST_PQ"><origin value="0" unit="uV"/><scale value="1" unit="uV"/>
        <digits>{_numbers(ecg.lead_uv(lead))}</digits></value></sequence></component>"""
        for lead in LEADS
    )
    document = f"""<?xml version="1.0" encoding="UTF-8"?>
<AnnotatedECG xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 type="Observation">
<id root="61d1a24f-b47e-41aa-ae95-f8ac302f4eeb"/>
<code code="93000" codeSystem="2.16.840.1.113883.6.12"/>
<effectiveTime><low value="20100607080910"/><high value="20100607080914"/></effectiveTime>
<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>
<id root="2.16.840.1.113883.3.400" extension="{IDENTIFIER}"/>
<subjectDemographicPerson><name><given>{FIRST_NAME}</given><family>{LAST_NAME}</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19500203"/>
</subjectDemographicPerson></trialSubject></subject></subjectAssignment></componentOf></timepointEvent>
</componentOf>
<component><series><id root="dd7b629e-9be1-4686-a1bf-7896e16e2d46"/>
<code code="RHYTHM" codeSystem="2.16.840.1.113883.5.4"/>
<effectiveTime><low value="20100607080910"/><high value="20100607080914"/></effectiveTime>
<author><seriesAuthor><manufacturedSeriesDevice>
<manufacturerModelName>Cart 7</manufacturerModelName></manufacturedSeriesDevice>
<manufacturerOrganization><name>Maker</name></manufacturerOrganization></seriesAuthor></author>
<component><sequenceSet>
<component><sequence><code code="TIME_ABSOLUTE" codeSystem="2.16.840.1.113883.5.4"/>
<value xsi:type="GLIST_TS"><head value="20100607080910.000"/>
<increment value="{1 / FS_HZ:g}" unit="s"/></value></sequence></component>
{sequences}</sequenceSet></component></series></component></AnnotatedECG>
"""
    path = folder / "aecg.xml"
    path.write_text(document)
    return path


def muse(folder: Path, ecg: Ecg) -> Path:
    leads = "".join(
        f"""<LeadData><LeadByteCountTotal>{2 * ecg.n_samples}</LeadByteCountTotal>
<LeadTimeOffset>0</LeadTimeOffset><LeadSampleCountTotal>{ecg.n_samples}</LeadSampleCountTotal>
<LeadAmplitudeUnitsPerBit>1</LeadAmplitudeUnitsPerBit>
<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>{lead}</LeadID>
<LeadSampleSize>2</LeadSampleSize>
<LeadDataCRC32>{zlib.crc32(ecg.lead_uv(lead).astype("<i2").tobytes())}</LeadDataCRC32>
<WaveFormData>{_base64(ecg.lead_uv(lead))}</WaveFormData></LeadData>"""
        for lead in EIGHT_LEADS
    )
    document = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE RestingECG SYSTEM "restecg.dtd">
<RestingECG><MuseInfo><MuseVersion>9.0</MuseVersion></MuseInfo>
<PatientDemographics><PatientID>{IDENTIFIER}</PatientID>
<PatientLastName>{LAST_NAME}</PatientLastName><PatientFirstName>{FIRST_NAME}</PatientFirstName>
<DateofBirth>02-03-1950</DateofBirth><Gender>FEMALE</Gender>
<PatientAge>60</PatientAge><AgeUnits>YEARS</AgeUnits></PatientDemographics>
<TestDemographics><DataType>RESTING</DataType><AcquisitionDevice>CART7</AcquisitionDevice>
<AcquisitionTime>08:09:10</AcquisitionTime><AcquisitionDate>06-07-2010</AcquisitionDate>
</TestDemographics>
<Waveform><WaveformType>Rhythm</WaveformType><WaveformStartTime>0</WaveformStartTime>
<NumberofLeads>8</NumberofLeads><SampleType>CONTINUOUS_SAMPLES</SampleType>
<SampleBase>{FS_HZ}</SampleBase><SampleExponent>0</SampleExponent>{leads}</Waveform></RestingECG>
"""
    path = folder / "muse.xml"
    path.write_text(document, encoding="latin-1")
    return path


def _xli_chunk(samples: np.ndarray) -> bytes:
    """Pack second differences as 10-bit codes, each of which is one byte that stands for itself."""
    steps = samples.astype(int)
    deltas = np.array([*steps[:2], *(2 * steps[1:-1] - steps[:-2] - steps[2:])])
    # The decoder takes each difference one sample late, and 64 off.
    first, deltas[2:] = int(deltas[2]), np.append(deltas[3:], 0) + 64
    words = deltas.astype(">i2").view(np.uint8).reshape(-1, 2)
    bits = "".join(f"{code:010b}" for code in [*words[:, 0], *words[:, 1], 1023])
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return struct.pack("<iHh", len(body), 0, first) + body


def _philips(ecg: Ecg, waveforms: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<restingecgdata xmlns="http://www3.medical.philips.com">
<documentinfo><documentname>rec.xml</documentname><documenttype>SierraECG</documenttype>
<documentversion>1.03</documentversion></documentinfo>
<dataacquisition date="2010-06-07" time="08:09:10" statflag="False">
<machine machineid="0001" detaildescription="">Cart 7</machine>
<signalcharacteristics><samplingrate>{FS_HZ}</samplingrate><signalresolution>1</signalresolution>
<acquisitiontype>STD-12</acquisitiontype><bitspersample>16</bitspersample>
<signaloffset>0</signaloffset><signalsigned>True</signalsigned>
<numberchannelsallocated>12</numberchannelsallocated>
<numberchannelsvalid>12</numberchannelsvalid><leadset>STD-12</leadset></signalcharacteristics>
</dataacquisition>
<patient><generalpatientdata><patientid>{IDENTIFIER}</patientid>
<name><lastname>{LAST_NAME}</lastname><firstname>{FIRST_NAME}</firstname></name>
<age><dateofbirth>1950-02-03</dateofbirth></age><sex>Female</sex></generalpatientdata></patient>
<waveforms><parsedwaveforms {waveforms}</parsedwaveforms></waveforms></restingecgdata>
"""


def philips_plain(folder: Path, ecg: Ecg) -> Path:
    duration_ms = ecg.n_samples * 1000 // FS_HZ
    head = f'compressflag="False" dataencoding="Base64" durationperchannel="{duration_ms}" '
    head += 'nbitspersample="16">'
    path = folder / "philips.xml"
    path.write_text(_philips(ecg, head + _base64(ecg.steps_uv.ravel())))
    return path


def philips(folder: Path, ecg: Ecg) -> Path:
    """Write XLI: second differences, four limb leads as what is left beside I and II."""
    one, two, three, avr, avl, avf = ecg.steps_uv[:6].astype(int)
    residuals = [
        two - one - three,
        -avr - (one + two) // 2,
        (one - three) // 2 - avl,
        (two + three) // 2 - avf,
    ]
    rows = [one, two, *residuals, *ecg.steps_uv[6:]]
    data = base64.b64encode(b"".join(_xli_chunk(row) for row in rows)).decode()
    duration_ms = ecg.n_samples * 1000 // FS_HZ
    head = 'compressflag="True" compressmethod="XLI" dataencoding="Base64" '
    head += f'durationperchannel="{duration_ms}" nbitspersample="16">'
    path = folder / "philips.xml"
    path.write_text(_philips(ecg, head + data))
    return path


def mortara(folder: Path, ecg: Ecg) -> Path:
    channels = "".join(
        f'<CHANNEL OFFSET="0" BITS="16" FORMAT="SIGNED" UNITS_PER_MV="1000" '
        f'DURATION="{ecg.n_samples}" SAMPLE_FREQ="{FS_HZ}" NAME="{lead}" ENCODING="BASE64" '
        f'DATA="{_base64(ecg.lead_uv(lead))}"/>\n'
        for lead in LEADS
    )
    document = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Generated by ELI LINK -->
<ECG ACQUISITION_TIME="20100607080910" AGE="60" AGE_UNITS="YEARS" NUM_QRS="5">
<SUBJECT LAST_NAME="{LAST_NAME}" FIRST_NAME="{FIRST_NAME}" ID="{IDENTIFIER}" GENDER="FEMALE"
 DOB="19500203"/>
<SOURCE TYPE="STANDARD" MANUFACTURER="Mortara" MODEL="ELI 250"/>
{channels}</ECG>
"""
    path = folder / "mortara.xml"
    path.write_text(document)
    return path


def schiller(folder: Path, ecg: Ecg) -> Path:
    channels = "".join(
        f"<channel><name>{lead.upper()}</name><data>{_numbers(ecg.lead_uv(lead), ',')}</data>"
        f"<datastype>COMMASEPARATE</datastype><samplecount>{ecg.n_samples}</samplecount></channel>\n"
        for lead in LEADS
    )
    document = f"""<?xml version="1.0" encoding="UTF-8"?>
<com.xiriuz.sema.xml.schillerEDI.SchillerEDI>
<patdata><id>{IDENTIFIER}</id><lastname>{LAST_NAME}</lastname><firstname>{FIRST_NAME}</firstname>
<birthdate>19500203</birthdate><gender>FEMALE</gender></patdata>
<examdescript><startdatetime><date>20100607</date><time>080910000</time></startdatetime>
<rectype>RESTING_ECG</rectype><aquiringdevice><hardware><vendor>Schiller</vendor><type>AT-110</type>
<model>AT-110</model></hardware></aquiringdevice></examdescript>
<eventdata><event><offset>0</offset><wavedata><type>ECG_RHYTHMS</type>
<resolution><samplerate><exponent>1</exponent><value>{FS_HZ}</value></samplerate>
<yres><unitperbit>1.0</unitperbit><units>UV</units></yres></resolution>
{channels}</wavedata></event></eventdata></com.xiriuz.sema.xml.schillerEDI.SchillerEDI>
"""
    path = folder / "schiller.xml"
    path.write_text(document, encoding="utf-8-sig")
    return path


def cardiosoft(folder: Path, ecg: Ecg) -> Path:
    leads = "".join(
        f'<WaveformData lead="{lead}">{_numbers(ecg.lead_uv(lead), ",")}</WaveformData>\n'
        for lead in LEADS
    )
    document = f"""<?xml version="1.0" encoding="ISO8859-1" ?>
<CardiologyXML>
<ObservationType>RestECG</ObservationType>
<ObservationDateTime><Hour>8</Hour><Minute>9</Minute><Second>10</Second>
<Day>7</Day><Month>6</Month><Year>2010</Year></ObservationDateTime>
<ClinicalInfo><DeviceInfo><Desc>CardioSoft</Desc></DeviceInfo></ClinicalInfo>
<PatientInfo><PID>{IDENTIFIER}</PID><Name><FamilyName>{LAST_NAME}</FamilyName>
<GivenName>{FIRST_NAME}</GivenName></Name><Age units="years">60</Age>
<BirthDateTime><Day>3</Day><Month>2</Month><Year>1950</Year></BirthDateTime>
<Gender>FEMALE</Gender></PatientInfo>
<StripData><NumberOfLeads>12</NumberOfLeads><SampleRate units="Hz">{FS_HZ}</SampleRate>
<ChannelSampleCountTotal>{ecg.n_samples}</ChannelSampleCountTotal>
<Resolution units="uVperLsb">1</Resolution>
{leads}</StripData></CardiologyXML>
"""
    path = folder / "cardiosoft.xml"
    path.write_text(document, encoding="latin-1")
    return path


def alivecor(folder: Path, ecg: Ecg) -> Path:
    names = {"leadI": "I", "leadII": "II", "leadIII": "III"}
    names |= {"AVR": "aVR", "AVL": "aVL", "AVF": "aVF"}
    block = {
        "frequency": FS_HZ,
        "mainsFrequency": 50,
        "amplitudeResolution": 1000,
        "numLeads": 6,
        "samples": {key: ecg.lead_uv(lead).tolist() for key, lead in names.items()},
    }
    document = {
        "id": "rec",
        "patientID": IDENTIFIER,
        "duration": ecg.n_samples * 1000 // FS_HZ,
        "heartRate": 75,
        "recordedAt": "2010-06-07T08:09:10Z",
        "algorithmDetermination": "normal",
        "deviceInfo": {"hardwareType": "KardiaMobile 6L", "serialNumber": "SN1"},
        "data": {"raw": block},
    }
    path = folder / "kardia.json"
    path.write_text(json.dumps(document))
    return path


XML_FILES: dict[str, Callable[[Path, Ecg], Path]] = {
    "HL7 aECG": aecg,
    "GE MUSE": muse,
    "Philips": philips_plain,
    "Mortara": mortara,
    "Schiller": schiller,
    "CardioSoft": cardiosoft,
}
"""The formats that are XML, for attacks on its parser."""
