"""Messages as providers send them, all invented: text-only, with documentation addresses."""

REPORTER = (
    "<reporter><reportingPerson><firstName>Ida</firstName><lastName>Desk</lastName>"
    "<email>desk@provider.example</email></reportingPerson><companyTemplate>Provider Example</companyTemplate>"
    "<legalURL>https://provider.example/terms</legalURL></reporter>"
)
MATERIAL = "Child Pornography (possession, manufacture, and distribution)"
ENTICEMENT = "Online Enticement of Children for Sexual Acts"


def report(
    *, type: str = MATERIAL, summary: str = "", flags: str = "", before: str = "", places: str = "", parties: str = ""
) -> bytes:
    """One `<report>`; every part may be given as text."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<report>{before}<incidentSummary><incidentType>{type}</incidentType>{summary}{flags}"
        "<incidentDateTime>2026-09-14T08:30:00Z</incidentDateTime></incidentSummary>"
        f"{places}{REPORTER}{parties}</report>"
    ).encode()


CAPTURE = (
    "<ipCaptureEvent><ipAddress>198.51.100.7</ipAddress><eventName>Upload</eventName>"
    "<dateTime>2026-09-14T08:29:00+02:00</dateTime><possibleProxy>false</possibleProxy><port>50123</port>"
    "</ipCaptureEvent>"
)
FULL_SUSPECT = (
    "<personOrUserReported><personOrUserReportedPerson><firstName>Text-1</firstName><lastName>Text-2</lastName>"
    '<phone type="Mobile" verified="true" verificationDate="2026-01-02T03:04:05Z" countryCallingCode="+33"'
    ' extension="12">612345678</phone><email type="Home" verified="false">text-3@mail.example</email>'
    '<address type="Billing"><address>1 Example Street</address><city>Lille</city><zipCode>59000</zipCode>'
    "<nonUsaState>Nord</nonUsaState><country>FR</country></address><age>41</age>"
    "<ageAssertionDiscrepancy>true</ageAssertionDiscrepancy><dateOfBirth>1985-02-03</dateOfBirth>"
    "</personOrUserReportedPerson><vehicleDescription>text-4</vehicleDescription>"
    "<espIdentifier>77</espIdentifier><espService>ExampleShare</espService>"
    "<compromisedAccount>false</compromisedAccount><screenName>text-5</screenName>"
    "<displayName>text-6</displayName><displayName>text-7</displayName>"
    "<profileUrl>https://share.example/u/77</profileUrl><profileBio>text-8</profileBio>"
    f"{CAPTURE}<deviceId><idType>text-9</idType><idValue>0001</idValue><eventName>Login</eventName></deviceId>"
    "<thirdPartyUserReported>false</thirdPartyUserReported><priorCTReports>123</priorCTReports>"
    "<groupIdentifier>group-1</groupIdentifier>"
    '<accountTemporarilyDisabled disabledDate="2026-09-14T09:00:00Z" userNotified="false">true'
    "</accountTemporarilyDisabled>"
    '<estimatedLocation verified="true" timestamp="2026-09-14T08:00:00Z"><city>Lille</city>'
    "<region>Nord</region><countryCode>FR</countryCode></estimatedLocation>"
    "<allEmailsReported>true</allEmailsReported>"
    '<associatedAccount accountType="Parent/Guardian" thirdPartyUser="true"><espIdentifier>78</espIdentifier>'
    "</associatedAccount><additionalInfo>text-10</additionalInfo></personOrUserReported>"
)
REPORTS = {
    "minimal": report(),
    "everything about the account": report(parties=FULL_SUSPECT),
    "urgent": report(
        type=ENTICEMENT,
        summary="<platform>ExampleChat</platform><escalateToHighPriority>text-11</escalateToHighPriority>",
        flags="<reportAnnotations><sextortion/><informational/></reportAnnotations>",
        places="<internetDetails><chatImIncident><chatClient>ExampleChat</chatClient>"
        "<chatRoomName>room 1</chatRoomName><content>text-12</content></chatImIncident></internetDetails>",
        parties="<intendedRecipient><espIdentifier>79</espIdentifier></intendedRecipient>"
        "<victim><victimPerson><age>12</age></victimPerson><schoolName>Example School</schoolName>"
        "<priorCTReports>124</priorCTReports></victim>",
    ),
    "batched": report(before='<batchedReport reason="VIRAL_POTENTIAL_MEME"/>'),
    "every place": report(
        places="".join(
            f"<internetDetails>{place}</internetDetails>"
            for place in (
                '<webPageIncident thirdPartyHostedContent="true"><url>https://host.example/1</url></webPageIncident>',
                "<emailIncident><emailAddress>a@mail.example</emailAddress><content>text-13</content></emailIncident>",
                "<newsgroupIncident><name>group.example</name></newsgroupIncident>",
                "<chatImIncident/>",
                "<onlineGamingIncident><gameName>Example</gameName><console>text-14</console></onlineGamingIncident>",
                "<cellPhoneIncident><phoneNumber>555</phoneNumber><latitude>50.5</latitude>"
                "<longitude>-3.25</longitude></cellPhoneIncident>",
                "<nonInternetIncident><locationName>text-15</locationName><incidentAddress><state>CA</state>"
                "</incidentAddress></nonInternetIncident>",
                f"<peer2peerIncident><client>Example</client>{CAPTURE}<fileNames>a.jpg</fileNames></peer2peerIncident>",
            )
        )
    ),
    "known to the police": report(
        places='<lawEnforcement fleaCountry="DE"><agencyName>Example Police</agencyName><caseNumber>1/26</caseNumber>'
        "<officerContact><lastName>Text-16</lastName></officerContact><reportedToLe>true</reportedToLe>"
        "<servedLegalProcessInternational>false</servedLegalProcessInternational></lawEnforcement>"
    ),
}


def file_details(*, report_id: str = "7", file_id: str = "0123456789abcdef0123456789abcdef", rest: str = "") -> bytes:
    id_element = f"<fileId>{file_id}</fileId>" if file_id else ""
    return f"<fileDetails><reportId>{report_id}</reportId>{id_element}{rest}</fileDetails>".encode()


HASHES = (
    f'<originalFileHash hashType="MD5">{"0f" * 16}</originalFileHash>'
    f'<originalFileHash hashType="SHA256">{"1e" * 32}</originalFileHash>'
    f'<originalFileHash hashType="PDQ">{"d8" * 32}</originalFileHash>'
)
FILES = {
    "by hashes alone": file_details(file_id="", rest=HASHES),
    "everything about the file": file_details(
        rest="<originalFileName>a.jpg</originalFileName><uploadedToEspTimestamp>2026-09-14T08:29:00.25Z"
        "</uploadedToEspTimestamp><locationOfFile>https://host.example/a</locationOfFile>"
        "<fileViewedByEsp>true</fileViewedByEsp><exifViewedByEsp>false</exifViewedByEsp>"
        "<publiclyAvailable>true</publiclyAvailable><fileRelevance>Reported</fileRelevance>"
        "<fileAnnotations><infant/><generativeAi/></fileAnnotations>"
        f"<industryClassification>A1</industryClassification>{HASHES}{CAPTURE}"
        "<deviceId><idType>text-1</idType><idValue>2</idValue></deviceId>"
        '<details><nameValuePair type="EXIF"><name>Model</name><value>Example Camera</value></nameValuePair>'
        "<nameValuePair><name>text-2</name><value>text-3</value></nameValuePair>"
        '<nameValuePair type="HASH"><name>PDQQuality</name><value>88</value></nameValuePair></details>'
        "<additionalInfo>text-4</additionalInfo><additionalInfo>text-5</additionalInfo>"
    ),
}
