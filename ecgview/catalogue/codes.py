"""The statements of SCP-ECG that ECG collections use, in words.

Codes and their meaning are those of the SCP-ECG standard (EN 1064) as PTB-XL (Wagner et al. 2020,
doi:10.1038/s41597-020-0495-6) arranges them: *diagnostic* statements have a superclass and a
subclass, *form* ones describe waves, *rhythm* ones the rhythm. The words serve where a data set
brings no table of its own, and help the search.
"""

from __future__ import annotations

SUPERCLASSES = {
    "NORM": "normal ECG",
    "MI": "myocardial infarction",
    "STTC": "ST/T change",
    "CD": "conduction disturbance",
    "HYP": "hypertrophy",
}
"""In words, in the order that PTB-XL lists them."""

SUBCLASSES = {
    "NORM": "NORM",
    "AMI": "MI",
    "IMI": "MI",
    "LMI": "MI",
    "PMI": "MI",
    "NST_": "STTC",
    "ISC_": "STTC",
    "ISCA": "STTC",
    "ISCI": "STTC",
    "STTC": "STTC",
    "LAFB/LPFB": "CD",
    "IRBBB": "CD",
    "_AVB": "CD",
    "IVCD": "CD",
    "CRBBB": "CD",
    "CLBBB": "CD",
    "WPW": "CD",
    "ILBBB": "CD",
    "LVH": "HYP",
    "LAO/LAE": "HYP",
    "RVH": "HYP",
    "RAO/RAE": "HYP",
    "SEHYP": "HYP",
}
"""The superclass of each subclass."""

_TABLE = """
NORM | NORM | d | normal ECG
AMI | AMI | d | anterior myocardial infarction
ASMI | AMI | d | anteroseptal myocardial infarction
ALMI | AMI | d | anterolateral myocardial infarction
IMI | IMI | d | inferior myocardial infarction
ILMI | IMI | d | inferolateral myocardial infarction
IPMI | IMI | d | inferoposterior myocardial infarction
IPLMI | IMI | d | inferoposterolateral myocardial infarction
LMI | LMI | d | lateral myocardial infarction
PMI | PMI | d | posterior myocardial infarction
INJAS | AMI | d | subendocardial injury, anteroseptal leads
INJAL | AMI | d | subendocardial injury, anterolateral leads
INJLA | AMI | d | subendocardial injury, lateral leads
INJIN | IMI | d | subendocardial injury, inferior leads
INJIL | IMI | d | subendocardial injury, inferolateral leads
NST_ | NST_ | df | non-specific ST changes
NDT | STTC | df | non-diagnostic T wave abnormalities
DIG | STTC | df | digitalis effect
LNGQT | STTC | df | long QT interval
ANEUR | STTC | d | ST-T changes of a ventricular aneurysm
EL | STTC | d | electrolyte disturbance or drug effect
ISC_ | ISC_ | d | non-specific ischaemia
ISCAL | ISCA | d | ischaemia, anterolateral leads
ISCAS | ISCA | d | ischaemia, anteroseptal leads
ISCLA | ISCA | d | ischaemia, lateral leads
ISCAN | ISCA | d | ischaemia, anterior leads
ISCIN | ISCI | d | ischaemia, inferior leads
ISCIL | ISCI | d | ischaemia, inferolateral leads
LAFB | LAFB/LPFB | d | left anterior fascicular block
LPFB | LAFB/LPFB | d | left posterior fascicular block
IRBBB | IRBBB | d | incomplete right bundle branch block
CRBBB | CRBBB | d | complete right bundle branch block
ILBBB | ILBBB | d | incomplete left bundle branch block
CLBBB | CLBBB | d | complete left bundle branch block
IVCD | IVCD | d | non-specific intraventricular conduction disturbance
1AVB | _AVB | d | first degree AV block
2AVB | _AVB | d | second degree AV block
3AVB | _AVB | d | third degree AV block
WPW | WPW | d | Wolff-Parkinson-White syndrome
LVH | LVH | d | left ventricular hypertrophy
RVH | RVH | d | right ventricular hypertrophy
SEHYP | SEHYP | d | septal hypertrophy
LAO/LAE | LAO/LAE | d | left atrial overload or enlargement
RAO/RAE | RAO/RAE | d | right atrial overload or enlargement
ABQRS | | f | abnormal QRS
PVC | | f | premature ventricular complexes
PAC | | f | premature atrial complexes
PRC(S) | | f | premature complexes
STD_ | | f | non-specific ST depression
STE_ | | f | non-specific ST elevation
VCLVH | | f | voltage criteria of left ventricular hypertrophy
QWAVE | | f | Q waves
LOWT | | f | low T waves
INVT | | f | inverted T waves
NT_ | | f | non-specific T wave changes
TAB_ | | f | T wave abnormality
LPR | | f | prolonged PR interval
LVOLT | | f | low QRS voltage
HVOLT | | f | high QRS voltage
SR | | r | sinus rhythm
STACH | | r | sinus tachycardia
SBRAD | | r | sinus bradycardia
SARRH | | r | sinus arrhythmia
SVARR | | r | supraventricular arrhythmia
AFIB | | r | atrial fibrillation
AFLT | | r | atrial flutter
SVTAC | | r | supraventricular tachycardia
PSVT | | r | paroxysmal supraventricular tachycardia
PACE | | r | artificial pacemaker
BIGU | | r | bigeminy
TRIGU | | r | trigeminy
"""

CODES: dict[str, tuple[str, str, str]] = {
    code.strip(): (words.strip(), subclass.strip(), kinds.strip())
    for code, subclass, kinds, words in (line.split("|") for line in _TABLE.strip().splitlines())
}
"""Code -> its words, its diagnostic subclass (or nothing), and kinds out of ``d``, ``f``, ``r``."""

OTHER_WORDS = {
    "AFIB": "AF",
    "AFLT": "AFL",
    "CLBBB": "LBBB",
    "CRBBB": "RBBB",
    "PAC": "atrial extrasystole ectopic SVES supraventricular",
    "PACE": "paced pacing pacemaker",
    "PVC": "ventricular extrasystole ectopic VES VPB",
    "LAFB": "left anterior hemiblock",
    "LPFB": "left posterior hemiblock",
    "LNGQT": "prolonged QT QTc",
    "WPW": "Wolff preexcitation delta",
    "1AVB": "1st degree atrioventricular heart block",
    "2AVB": "2nd degree atrioventricular heart block",
    "3AVB": "3rd degree complete atrioventricular heart block",
}
"""What else people call some of them."""
